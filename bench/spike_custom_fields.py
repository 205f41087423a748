"""Spike 1: is a filterable custom field as fast as a native one in list, filter and sort?"""

import django

django.setup()

from bench.measurement import in_turn, keep, plan_of, size_of, spread, table  # noqa: E402
from kanal.core import registry  # noqa: E402
from kanal.core.listing.fetch import annotated, annotation_names, ordered, read_page  # noqa: E402
from kanal.core.listing.keyset import full_range, sort_keys  # noqa: E402
from kanal.core.listing.query import ListQuery, records_of  # noqa: E402
from kanal.core.query import parse  # noqa: E402
from kanal.entities.opportunities.models import Opportunity  # noqa: E402

COLUMNS = ("name", "status", "account", "assignee", "value")
# The queries, by native and by custom field: (filter, sort, further columns).
PAIRS = {
    "columns shown": (("", "-updated_at", ("probability", "forecast_category")),
                      ("", "-updated_at", ("custom.score", "custom.tier"))),
    "choice is": (("status:is(negotiation)", "-updated_at", ()), ("custom.tier:is(gold)", "-updated_at", ())),
    "money above": (("value:gt(900000)", "-value", ()), ("custom.budget:gt(300000)", "-custom.budget", ())),
    "text contains": (("name:contains(skagerrak)", "name", ()),
                      ("custom.reference:contains(sigma-0123)", "custom.reference", ())),
    "date after": (("expected_close_date:after(2027-06-25)", "expected_close_date", ()),
                   ("custom.renewal:after(2028-10-20)", "custom.renewal", ())),
    "sort down": (("", "-value", ()), ("", "-custom.budget", ())),
    "sort up": (("", "expected_close_date", ()), ("", "custom.renewal", ())),
    "sort by text": (("", "name", ()), ("", "custom.reference", ())),
}  # fmt: skip


def ask_for(text: str, sort: str, more: tuple[str, ...]) -> ListQuery:
    """Return a list query by a user who sees everything."""
    return ListQuery(registry.get("opportunities"), node=parse(text), sort=sort, columns=(*COLUMNS, *more))


def plan(ask: ListQuery) -> dict:
    """Explain the query of a list's first page."""
    keys = sort_keys(ask.order, ask.entity, ask.reader)
    records = ordered(annotated(records_of(ask), keys), keys).filter(full_range(keys)[0])
    if keys[0].nullable:
        records = records.order_by(keys[0].order_within(annotation_names(keys)[0]), *records.query.order_by[1:])
    return plan_of(records.values("id", "name", "custom")[:51])


def main() -> None:
    """Time each pair in turn, then explain both."""
    rows, plans, data = [], [], {}
    for name, (native, custom) in PAIRS.items():
        asks = {"native": ask_for(*native), "custom": ask_for(*custom)}
        taken = in_turn({kind: lambda ask=ask: read_page(ask) for kind, ask in asks.items()})
        times_by_kind = {kind: {**spread(durations), **plan(asks[kind])} for kind, durations in taken.items()}
        ratio = round(times_by_kind["custom"]["median"] / times_by_kind["native"]["median"], 2)
        data[name] = {**times_by_kind, "ratio": ratio}
        rows.append(
            [
                name,
                *(f"{times_by_kind[kind][key]}" for kind in times_by_kind for key in ("median", "p95", "execution_ms")),
                ratio,
            ]
        )
        plans += [[name, kind, " → ".join(stats["nodes"]), stats["buffers"]] for kind, stats in times_by_kind.items()]
    heads = ["first page of 50", "native ms", "p95", "in the database", "custom ms", "p95", "in the database", "ratio"]
    text = f"# Custom fields against native ones\n\n{size_of(Opportunity)}; 20 custom fields, 8 filterable.\n\n"
    text += table("Times", heads, rows) + "\n" + table("Plans", ["question", "field", "plan", "buffers"], plans)
    keep("spike_custom_fields", text, data)


if __name__ == "__main__":
    main()
