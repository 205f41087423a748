"""The marks of opportunities, on every channel alike (OPP-7), and the next activity that they use."""

import datetime as dt
import itertools

import pytest
from django.db import connection
from django.utils import timezone

from kanal.core import listing, registry, writes
from kanal.core.access import FieldContext
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.context import today
from kanal.core.listing import ListQuery
from kanal.core.models import Change, FieldRule
from kanal.core.query import parse
from kanal.entities.accounts.tests.factories import make, make_account, make_project, make_user
from kanal.entities.activities.models import Activity
from kanal.entities.opportunities.models import Opportunity, OpportunityStatus
from kanal.kit.errors import Invalid

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _fresh():
    invalidate()
    yield
    invalidate()


@pytest.fixture
def project():
    return make_project()


def make_deal(project, **values):
    return make("opportunities", **{"name": "Deal", "project": project.pk, **values})


def plan(deal, **values):
    return make("activities", **{"subject": "Call", "opportunity": deal.pk, **values})


def next_of(deal):
    return Opportunity.objects.get(pk=deal.pk).next_activity_id


def marks_of(pk):
    field = FieldContext(None, registry.get("opportunities")).readable["attention"]
    return field.get(Opportunity.objects.get(pk=pk))


def test_opp_7_the_filter_the_list_and_the_record_agree_on_every_combination(project):
    """Each way of asking for a mark finds the same opportunities: by condition, by row, by record."""
    user, statuses = make_user(user_type="administrator"), list(OpportunityStatus.objects.all())
    days = (None, today() - DAY, today(), today() + DAY)
    for status, close, action, planned in itertools.product(statuses, days, days, (False, True)):
        deal = make_deal(project, expected_close_date=close, next_action_date=action)
        if planned:
            plan(deal)
        age = dt.timedelta(days=(status.stale_days or 0) * (deal.pk % 2) + 1)
        Opportunity.objects.filter(pk=deal.pk).update(status=status, status_since=timezone.now() - age)
    entity = registry.get("opportunities")
    rows = listing.read_page(ListQuery(entity, user, columns=("attention",), limit=500)).rows
    assert len(rows) == Opportunity.objects.count()
    for mark in entity.marks:
        for text, wanted in ((f"attention:any({mark.key})", True), (f"attention:none({mark.key})", False)):
            node = parse(text)
            matches = {row.id for row in listing.read_page(ListQuery(entity, user, node, limit=500)).rows}
            assert matches == {row.id for row in rows if (mark.key in row.values["attention"]) is wanted}
            assert matches, "the combinations cover both answers"
    some = {row.id for row in listing.read_page(ListQuery(entity, user, parse("attention:set"), limit=500)).rows}
    assert some == {row.id for row in rows if row.values["attention"]}
    assert all(marks_of(row.id) == row.values["attention"] for row in rows[::7])


def test_opp_7_a_sold_or_lost_opportunity_needs_no_attention(project):
    deal = make_deal(project, expected_close_date=today() - DAY)
    assert marks_of(deal.pk) == ["overdue", "no_next_step"]
    writes.change(deal, {"status": "lost"}, by=SYSTEM.within_action("lost"))
    assert marks_of(deal.pk) == []


def test_opp_7_nobody_learns_by_a_mark_what_a_hidden_field_holds(client, project):
    seller = make_user(entities=("opportunities", "activities"))
    deal = make_deal(project, assignee=seller.pk, expected_close_date=today() - DAY)
    client.force_login(seller)
    page = "/crm/opportunities/data/?filter=attention:any(overdue)&columns=name,attention"
    assert "Overdue" in client.get(page).content.decode()
    FieldRule.objects.create(entity="opportunities", field="expected_close_date", mode=FieldRule.Mode.HIDDEN)
    invalidate()
    shown = client.get(page).content.decode()
    assert "mark-tag" not in shown
    assert deal.name not in shown
    assert "attention" not in client.get(f"/api/v1/opportunities/{deal.pk}").content.decode()


def test_opp_7_marks_are_not_written(project):
    deal = make_deal(project)
    with pytest.raises(Invalid) as refusal:
        writes.change(deal, {"attention": ["stale"]}, by=SYSTEM)
    assert list(refusal.value.errors) == ["attention"]


def test_the_next_activity_is_the_first_open_one_by_whatever_way_it_is_written(project):
    deal, other = make_deal(project), make_deal(project)
    tomorrow, later = timezone.now() + DAY, timezone.now() + 2 * DAY
    late = plan(deal, start=later)
    assert next_of(deal) == late.pk
    early = plan(deal, start=tomorrow)
    undated = plan(deal)
    assert next_of(deal) == early.pk
    writes.change(early, {"done": True}, by=SYSTEM)
    assert next_of(deal) == late.pk
    Activity.objects.filter(pk=undated.pk).update(start=tomorrow)
    assert next_of(deal) == undated.pk
    Activity.objects.filter(pk=undated.pk).update(opportunity=other)
    assert (next_of(deal), next_of(other)) == (late.pk, undated.pk)
    Activity.objects.filter(pk=late.pk).delete()
    assert next_of(deal) is None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE activities_activity SET done = true")
    assert next_of(other) is None


def test_the_history_tells_the_activity_but_not_the_column_that_follows_it(project):
    deal = make_deal(project)
    before, revision = Change.objects.filter(entity="opportunities").count(), deal.revision
    plan(deal)
    deal.refresh_from_db()
    assert (Change.objects.filter(entity="opportunities").count(), deal.revision) == (before, revision)


def test_the_history_of_a_status_tells_the_status_alone(project):
    deal = make_deal(project)
    writes.change(deal, {"status": "negotiation"}, by=SYSTEM)
    change = Change.objects.filter(entity="opportunities", record_id=deal.pk, kind="u").latest("id")
    assert "status_id" in change.new
    assert "status_since" not in change.new


def test_a_lead_has_its_next_activity_too(project):
    lead = make("leads", subject="Lead", project=project.pk)
    call = make("activities", subject="Call", lead=lead.pk, account=make_account().pk)
    lead.refresh_from_db()
    assert lead.next_activity_id == call.pk
