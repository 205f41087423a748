"""Spike 2: what does the access layer cost for a seller, for the lead of a team of ten, for a director who sees all?"""

import django

django.setup()

from bench.measurement import in_turn, keep, plan_of, size_of, spread, table  # noqa: E402
from kanal.core import access, registry  # noqa: E402
from kanal.core.entity import Entity  # noqa: E402
from kanal.core.listing.count import count_of  # noqa: E402
from kanal.core.listing.fetch import read_page  # noqa: E402
from kanal.core.listing.query import ListQuery  # noqa: E402
from kanal.core.models import SupervisorPath  # noqa: E402
from kanal.core.query import parse  # noqa: E402
from kanal.entities.opportunities.models import Opportunity  # noqa: E402
from kanal.entities.people.models import User  # noqa: E402

LIMIT = 10_001


def viewers() -> dict[str, User]:
    """Return a director, a team lead and a seller without a team."""
    director = User.objects.filter(user_type="director").order_by("pk").first()
    lead = User.objects.filter(supervisor=director).order_by("pk").first()
    seller = User.objects.filter(supervisor=lead).order_by("pk").first()
    return {"director (all)": director, "lead of a team": lead, "seller (own)": seller}


def measure(name: str, user: User, entity: Entity) -> tuple[list, list, dict]:
    """Time and explain page and count for one viewer."""
    ask = ListQuery(entity, user=user)
    filtered = ask.but(node=parse("status:is(negotiation)"))
    visible = access.visible_to(user, entity)
    first = visible.order_by("-updated_at", "-id").values("id", "name", "value_main")[:51]
    counted = visible.order_by().values("pk")[:LIMIT]
    taken = in_turn(
        {
            "page": lambda: read_page(ask),
            "filtered": lambda: read_page(filtered),
            "keys": lambda: list(first.all()),
            "count": counted.count,
            "shown count": lambda: count_of(ask),
        },
        repeats=15,
    )
    times_by_key = {key: spread(durations) for key, durations in taken.items()}
    plans = {"first page": plan_of(first), "count": plan_of(counted)}
    below = SupervisorPath.objects.filter(supervisor=user).count()
    row = [
        f"{name}, {below} below",
        counted.count(),
        *(times_by_key[key]["median"] for key in times_by_key),
        times_by_key["page"]["p95"],
    ]
    lines = [
        [name, key, " → ".join(plan["nodes"]), plan["execution_ms"], plan["buffers"]] for key, plan in plans.items()
    ]
    return row, lines, {"times": times_by_key, "plans": plans}


def main() -> None:
    """Measure every viewer."""
    entity, rows, plans, data = registry.get("opportunities"), [], [], {}
    for name, user in viewers().items():
        row, lines, data[name] = measure(name, user, entity)
        rows.append(row)
        plans += lines
    heads = ["viewer", f"records (to {LIMIT:,})", "first page ms", "filtered page ms", "its query alone ms",
             f"count to {LIMIT:,} ms", "count shown ms", "p95 of the page"]  # fmt: skip
    text = f"# The access layer\n\n{size_of(Opportunity)}; medians of 15.\n\n" + table("Times", heads, rows)
    text += "\n" + table("Plans", ["viewer", "query", "plan", "ms", "buffers"], plans)
    keep("spike_access", text, data)


if __name__ == "__main__":
    main()
