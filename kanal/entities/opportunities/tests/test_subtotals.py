"""Subtotals that triggers keep are the sums of the records, whatever is done to them (PERF-7, ACC-7)."""

import random

import pytest

from kanal.core import registry, subtotals, writes
from kanal.core.actor import SYSTEM
from kanal.core.aggregation import Aggregation, Dimension, Measure, aggregate, execute, stored
from kanal.core.cache import invalidate
from kanal.core.listing import ListQuery
from kanal.core.models import Subtotal
from kanal.core.query import parse
from kanal.entities.opportunities.models import Opportunity, OpportunityStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def deals():
    """Make, change and delete opportunities of two projects, one by one and many at once."""
    invalidate()
    chance = random.Random(11)
    entity = registry.get("opportunities")
    projects = [writes.create(registry.get("projects"), {"name": name}, by=SYSTEM).pk for name in ("North", "South")]
    statuses = [row.key for row in OpportunityStatus.objects.filter(kind="open").order_by("position")[:3]]
    made = [
        writes.create(
            entity,
            {"name": f"Deal {number}", "project": chance.choice(projects), "status": chance.choice(statuses),
             "value": chance.choice([None, str(chance.randint(1, 900))])},
            by=SYSTEM,
        )
        for number in range(12)
    ]  # fmt: skip
    for deal in made[:5]:
        writes.change(deal, {"status": chance.choice(statuses), "value": str(chance.randint(1, 900))}, by=SYSTEM)
    writes.delete(made[6], by=SYSTEM)
    Opportunity.objects.filter(name__in=["Deal 7", "Deal 8"]).update(project_id=projects[0])
    yield projects
    invalidate()


def told(ask, *, grouped=True):
    """Return count and sums of each group in a comparable form."""
    measures = (Measure("sum", "value"), Measure("sum", "weighted_value"))
    groups = aggregate(Aggregation(ask, measures, (Dimension("status"),) if grouped else ())).groups
    return {group.keys: (group.count, group.values) for group in groups}


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("grouped", [False, True])
def test_kept_sums_are_those_of_the_records(deals, monkeypatch, joined, grouped):
    if joined:
        subtotals.join_all()
    entity = registry.get("opportunities")
    first, *others = [row.key for row in OpportunityStatus.rows()]
    texts = (
        "",
        f"status:any({first})",
        f"status:none({first},{others[0]})",
        f"status:none({','.join([first, *others])})",
    )
    asks = [ListQuery(entity, node=parse(text), project=project) for text in texts for project in (None, deals[0])]
    reads = []
    monkeypatch.setattr(execute, "stored_rows", lambda plan: reads.append(plan) or stored.stored_rows(plan))
    kept = [told(ask, grouped=grouped) for ask in asks]
    monkeypatch.setattr(execute, "has_stored_totals", lambda _plan: False)
    assert kept == [told(ask, grouped=grouped) for ask in asks]
    assert len(reads) == len(asks)
    assert kept[0] != kept[2] != kept[4]


def test_joining_and_adding_up_anew_leave_the_same_rows(deals):
    entity = registry.get("opportunities")
    columns = ("status", "project", "currency", "number", "sums")
    subtotals.join_all()
    joined = sorted(map(str, Subtotal.objects.values_list(*columns)))
    subtotals.rebuild(entity)
    assert sorted(map(str, Subtotal.objects.values_list(*columns))) == joined


def test_only_those_who_see_all_records_read_them(deals, monkeypatch):
    """ACC-7: a filter, a search, or rights that hold something back add up the records themselves."""
    entity = registry.get("opportunities")
    monkeypatch.setattr(subtotals, "read_subtotals", lambda *_given: pytest.fail("read for a reader who may not"))
    told(ListQuery(entity, node=parse("name:contains(Deal)")))
    told(ListQuery(entity, text="Deal"))
    told(ListQuery(entity, node=parse("status:set")))
    told(ListQuery(entity, node=parse("key_prospect:is(no)")))
    monkeypatch.setattr(stored, "sees_all", lambda _ask: False)
    told(ListQuery(entity))
