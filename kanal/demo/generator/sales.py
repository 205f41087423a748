"""Generation of leads and opportunities, row by row."""

from array import array
from collections.abc import Iterator
from datetime import date

from kanal.demo.generator.customers import packed, seller_and_author
from kanal.demo.generator.customfields import values
from kanal.demo.generator.loading import NOTHING
from kanal.demo.generator.pools import Clock, World, amounts, categories, companies, people, table_ids
from kanal.demo.words import COMPETITORS, JOBS, NEEDS
from kanal.entities.leads.models import LeadStatus
from kanal.entities.opportunities.models import OpportunityStatus, Pipeline

LEAD = (
    "id", "subject", "name", "first_name", "last_name", "job_title", "company", "email", "phone", "city", "postcode",
    "region", "country", "industry_id", "source_id", "channel", "campaign_id", "utm_source", "received_at", "status_id",
    "stage", "priority", "assignee_id", "partner_id", "account_id", "contact_id", "project_id", "value", "currency",
    "value_main", "assigned_at", "touched_at", "qualified_at", "split_at", "disqualification_reason", "is_archived",
    "custom", "created_at", "updated_at", "created_by_id", "owner_ids",
)  # fmt: skip
OPPORTUNITY = (
    "id", "name", "number", "status_id", "pipeline_id", "opportunity_type_id", "project_id", "account_id",
    "main_contact_id",
    "assignee_id", "partner_id", "campaign_id", "origin_lead_id", "value", "currency", "value_main", "probability",
    "weighted_value",
    "weighted_value_main", "expected_close_date", "next_action_date", "forecast_category",
    "key_prospect", "need", "competitor",
    "loss_reason_id", "is_locked", "sold_at", "status_since", "custom", "created_at", "updated_at", "created_by_id",
    "owner_ids",
)  # fmt: skip
CHANNELS = ("web_form", "web_form", "inbound", "inbound", "call", "event", "partner", "import", "api")
STAGES = ("new",) * 12 + ("touched",) * 28 + ("qualified",) * 33 + ("disqualified",) * 27
REASONS = (
    "No budget this year",
    "Chose another vendor",
    "Not reachable",
    "Student asking for material",
    "Wrong country",
)
# Status key → weight. Recent opportunities are open, older ones closed.
OPEN = ("new",) * 30 + ("in-progress",) * 28 + ("offer-sent",) * 22 + ("negotiation",) * 14 + ("on-hold",) * 6
CLOSED = ("won",) * 42 + ("lost",) * 58
FORECASTS = ("pipeline",) * 6 + ("best_case",) * 3 + ("commit",) * 2 + ("omitted",)


def ids_by_key(model: type, wanted: set[str], **condition: object) -> dict[str, tuple[str, float]]:
    """Return id and probability of the statuses by key. A missing key is replaced by the first row."""
    rows = list(model._default_manager.filter(**condition).order_by("position", "pk"))  # type: ignore[attr-defined]
    entries_by_key = {row.key: (str(row.pk), float(getattr(row, "probability", 0))) for row in rows}
    return {key: entries_by_key.get(key, next(iter(entries_by_key.values()))) for key in wanted | set(entries_by_key)}


def leads(world: World, first: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield leads: a third qualified, an eighth untouched, one in thirty in the free pool."""
    inventor = world.inventor("leads")
    random, clock = inventor.random.random, Clock(inventor, world.today)
    firms, persons, sums = companies(inventor), people(inventor), amounts(inventor, 12_000)
    custom, owners, regions = values(inventor, world.custom, world.today), world.owners["leads"], world.regions["leads"]
    statuses = {row.kind: str(row.pk) for row in reversed(LeadStatus.objects.order_by("position"))}
    industries, sources = categories("industry"), categories("lead_source")
    for place in range(count):
        given, last, local, phone, _country = persons[int(random() * len(persons))]
        company, domain, _phone, _street, city, postcode, region, country = firms[int(random() * len(firms))]
        need, stage = NEEDS[int(random() * len(NEEDS))], STAGES[int(random() * len(STAGES))]
        assignee, author, both = seller_and_author(world, random)
        day = clock.day(random)
        made, touched = clock.at(day, random), clock.at(clock.after(day, random), random)
        amount, currency, main = sums[int(random() * len(sums))]
        partner = str(world.partners[int(random() * len(world.partners))]) if random() < 0.15 else NOTHING
        seller = str(assignee)
        if stage == "new" and random() < 0.25:
            assignee, seller, partner, both = author, NOTHING, NOTHING, f"{{{author}}}"
        owners[place] = packed(assignee, author)
        regions[place] = project = world.projects[int(random() * len(world.projects))]
        account = world.draw("accounts", random, 1.0 if stage == "qualified" else 0.1)
        yield (
            str(first + place), need if place % 2 else "",
            need if place % 2 else f"{given} {last} – {company}", given, last, JOBS[int(random() * len(JOBS))],
            company, f"{local}{place}@{domain}", phone, city, postcode, region, country,
            industries[int(random() * len(industries))], sources[int(random() * len(sources))],
            CHANNELS[int(random() * len(CHANNELS))],
            str(world.campaigns[int(random() * len(world.campaigns))]) if random() < 0.6 else NOTHING,
            ("newsletter", "search", "")[int(random() * 3)], made, statuses[stage], stage, str(int(random() * 101)),
            seller, partner, NOTHING if account is None else str(world.first["accounts"] + account), NOTHING,
            str(project),
            str(amount), currency, str(main), NOTHING if seller == NOTHING else made,
            NOTHING if stage == "new" else touched, touched if stage == "qualified" else NOTHING, made,
            REASONS[int(random() * len(REASONS))] if stage == "disqualified" else "", "t" if random() < 0.04 else "f",
            custom(), made, touched, str(author), both,
        )  # fmt: skip


def days_ahead(today: date, count: int) -> list[str]:
    """Return the coming days, today first."""
    return [date.fromordinal(today.toordinal() + ahead).isoformat() for ahead in range(count)]


def opportunities(world: World, first: int, count: int) -> Iterator[tuple[str, ...]]:
    """Yield opportunities: those of the last months open, older ones won or lost, values log-normal."""
    inventor = world.inventor("opportunities")
    random, clock = inventor.random.random, Clock(inventor, world.today)
    firms, sums, custom = companies(inventor), amounts(inventor, 18_000), values(inventor, world.custom, world.today)
    owners, regions = world.owners["opportunities"], world.regions["opportunities"]
    world.accounts["opportunities"] = belongs = array("q", bytes(8 * count))
    pipeline = str(table_ids(Pipeline)[0])
    statuses = ids_by_key(OpportunityStatus, {*OPEN, *CLOSED}, pipeline_id=int(pipeline))
    reasons, kinds = categories("loss_reason"), categories("opportunity_type")
    days, future = len(clock.days), days_ahead(world.today, 240)
    for place in range(count):
        firm, need = firms[int(random() * len(firms))], NEEDS[int(random() * len(NEEDS))]
        assignee, author, both = seller_and_author(world, random)
        owners[place] = packed(assignee, author)
        day = clock.day(random)
        is_open = random() < (0.8 if day > days - 180 else 0.06)
        key = (OPEN if is_open else CLOSED)[int(random() * 100)]
        status, probability = statuses[key]
        amount, currency, main = sums[int(random() * len(sums))]
        since = clock.after(day, random)
        made, changed = clock.at(day, random), clock.at(since, random)
        belongs[place] = account = world.draw("accounts", random) or 0
        regions[place] = project = world.projects[int(random() * len(world.projects))]
        yield (
            str(first + place), f"{need} – {firm[0]}", f"OPP-{world.number + place:05d}", status, pipeline,
            kinds[int(random() * len(kinds))], str(project), str(world.first["accounts"] + account), NOTHING,
            str(assignee), str(world.partners[int(random() * len(world.partners))]) if random() < 0.25 else NOTHING,
            str(world.campaigns[int(random() * len(world.campaigns))]) if random() < 0.4 else NOTHING,
            NOTHING, str(amount), currency, str(main), f"{probability:.2f}", f"{float(amount) * probability / 100:.2f}",
            f"{float(main) * probability / 100:.4f}",
            future[int(random() ** 2 * 240)] if is_open else clock.days[since],
            future[int(random() ** 3 * 60)] if is_open and random() < 0.7 else NOTHING,
            FORECASTS[int(random() * len(FORECASTS))], "t" if random() < 0.06 else "f", need,
            COMPETITORS[int(random() * len(COMPETITORS))] if random() < 0.4 else "",
            reasons[int(random() * len(reasons))] if key == "lost" else NOTHING,
            "t" if key == "won" else "f", changed if key == "won" else NOTHING, changed,
            custom(), made, changed, str(author), both,
        )  # fmt: skip
