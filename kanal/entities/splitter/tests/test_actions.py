"""The splitter at work (SPLIT-1 to SPLIT-5)."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import connections

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.context import today
from kanal.core.models import Progress
from kanal.entities.leads.models import Lead
from kanal.entities.leads.tests.factories import make, make_account, make_lead, make_project, make_user
from kanal.entities.splitter import actions, jobs, preview, reading
from kanal.entities.splitter.models import Quota, Receipt, Share, SplitterFilter
from kanal.kit.errors import Invalid

pytestmark = pytest.mark.django_db


def make_filter(*shares, **values):
    given = [{"user": user.pk, "percent": str(percent)} for user, percent in shares]
    return make("splitter-filters", **{"name": "Norway", "shares": given, **values})


def test_split_1_shares_and_conditions_are_kept_in_one_form():
    user = make_user()
    row = make_filter((user, 33), conditions={"text": "country:is(NO)"})
    assert row.conditions == {"field": "country", "op": "is", "values": ["NO"]}
    assert Share.objects.get(filter=row).weight == 3300
    writes.change(row, {"shares": [{"user": user.pk, "percent": 50}]}, by=SYSTEM)
    assert [share.weight for share in Share.objects.filter(filter=row)] == [5000]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"conditions": {"text": "nothing:is(1)"}}, "conditions"),
        ({"conditions": {"field": "country", "op": "gt", "values": ["1"]}}, "conditions"),
        ({"conditions": [1]}, "conditions"),
        ({"shares": [{"user": 99_999_999, "percent": "5"}]}, "shares"),
        ({"shares": [{"user": 1}]}, "shares"),
        ({"shares": []}, "shares"),
    ],
)
def test_split_1_what_can_not_be_is_refused(values, field):
    with pytest.raises(Invalid) as problem:
        make_filter((make_user(), 100), **values)
    assert field in problem.value.errors


def test_split_2_new_leads_run_through_the_filters_in_order():
    first, second, project = make_user(), make_user(), make_project()
    make_filter((second, 100), name="Rest", position=20)
    make_filter((first, 100), conditions={"text": "country:is(NO)"}, position=10, sets_priority=90)
    make_filter((first, 100), name="Off", is_active=False, position=1)
    norwegian, swede = make_lead(country="NO", project=project.pk), make_lead(country="SE", project=project.pk)
    assert actions.split([norwegian.pk, swede.pk], by=SYSTEM) == 2
    norwegian.refresh_from_db()
    swede.refresh_from_db()
    assert (norwegian.assignee, norwegian.priority, norwegian.awaits_split) == (first, 90, False)
    assert (swede.assignee, swede.split_at is not None) == (second, True)
    assert norwegian.owner_ids == [first.pk]


def test_split_2_what_no_filter_takes_goes_to_the_pool_and_stays_unprocessed():
    make_filter((make_user(), 100), conditions={"text": "country:is(NO)"})
    lead = make_lead(country="SE")
    assert actions.split([lead.pk], by=SYSTEM) == 0
    assert list(Lead.objects.in_pool()) == list(actions.unprocessed()) == [lead]
    assert Receipt.objects.get(lead=lead).tried[0]["matched"] is False


def test_split_1_a_filter_that_goes_on_only_sets():
    user = make_user()
    make_filter(name="Large", position=1, goes_on=True, sets_priority=99)
    make_filter((user, 100), conditions={"text": "priority:gt(90)"}, position=2)
    lead = make_lead()
    actions.split([lead.pk], by=SYSTEM)
    lead.refresh_from_db()
    assert (lead.priority, lead.assignee) == (99, user)
    assert Receipt.objects.filter(lead=lead).count() == 2


def test_split_2_execute_and_preview():
    users = [make_user(), make_user()]
    row = make_filter((users[0], 75), (users[1], 25), is_active=False)
    project = make_project().pk
    leads = [make_lead(project=project) for _number in range(8)]
    rehearsed = preview.preview_distribution(row)
    assert (rehearsed["matched"], [share["would_get"] for share in rehearsed["shares"]]) == (8, [6, 2])
    assert not Receipt.objects.exists()
    progress = Progress.objects.create(title="Execute")
    jobs.execute_filter(row.pk, progress.pk)
    progress.refresh_from_db()
    assert (progress.state, progress.done, progress.result) == ("done", 8, {"filter": row.pk, "assigned": 8})
    got = Counter(Lead.objects.filter(pk__in=[lead.pk for lead in leads]).values_list("assignee", flat=True))
    assert got == {users[0].pk: 6, users[1].pk: 2}
    assert actions.execute(row, by=SYSTEM) == 0


@pytest.mark.parametrize(
    ("since", "until", "is_away"),
    [(-1, 1, True), (0, 0, True), (None, 0, True), (-3, None, True), (1, 2, False), (-2, -1, False), (None, -1, False)],
)
def test_split_4_an_absent_user_is_passed_over_on_these_days(since, until, is_away):
    day = {key: None if days is None else today() + dt.timedelta(days)
           for key, days in (("absent_from", since), ("absent_until", until))}  # fmt: skip
    away, there = make_user(**day), make_user()
    make_filter((away, 99), (there, 1))
    lead = make_lead()
    actions.split([lead.pk], by=SYSTEM)
    lead.refresh_from_db()
    assert lead.assignee == (there if is_away else away)


def test_split_4_a_user_at_the_limit_of_open_leads_is_passed_over_within_a_batch_too():
    full, there, project = make_user(most_open_leads=3), make_user(), make_project().pk
    row = make_filter((full, 50), (there, 50))
    make_lead(project=project, assignee=full.pk)
    leads = [make_lead(project=project).pk for _number in range(10)]
    assert [share["would_get"] for share in preview.preview_distribution(row)["shares"]] == [2, 8]
    actions.split(leads, by=SYSTEM)
    given = Counter(Lead.objects.filter(pk__in=leads).values_list("assignee_id", flat=True))
    assert (given[full.pk], given[there.pk]) == (2, 8)
    reason = Receipt.objects.order_by("id").last().candidates[0]["passed_over"]
    assert "3 open leads" in reason
    assert reading.of_filter(row)["shares"][0]["passed_over"] == reason


def test_split_4_leads_that_nobody_can_take_stay_in_the_pool():
    make_filter((make_user(most_open_leads=0), 100))
    lead = make_lead()
    assert actions.split([lead.pk], by=SYSTEM) == 0
    lead.refresh_from_db()
    assert lead.assignee is None


def test_split_4_an_inactive_user_is_passed_over_and_noted():
    away, there = make_user(is_active=False), make_user()
    row = make_filter((away, 50), (there, 50))
    lead = make_lead()
    actions.split([lead.pk], by=SYSTEM)
    lead.refresh_from_db()
    assert lead.assignee == there
    candidates = Receipt.objects.get(lead=lead).candidates
    assert [bool(candidate["passed_over"]) for candidate in candidates] == [True, False]
    writes.change(away, {"is_active": True}, by=SYSTEM)
    actions.split([make_lead().pk], by=SYSTEM)
    assert Quota.objects.get(filter=row).epoch == 2
    assert sorted(Share.objects.values_list("got", "got_ever")) in ([(0, 1), (1, 1)], [(0, 0), (1, 2)])


def test_split_5_a_receipt_tells_why():
    user = make_user()
    row = make_filter((user, 100), conditions={"text": "country:is(NO)"})
    lead = make_lead(country="NO")
    actions.split([lead.pk], by=SYSTEM)
    line = reading.of_lead(lead)["receipts"][0]
    receipt = line["row"]
    assert line["words"] == "Country is Norway"
    assert (receipt.user, receipt.filter_name, receipt.condition) == (user, "Norway", "country:is(NO)")
    assert receipt.candidates[0]["percent"] == "100.0"
    assert reading.of_filter(row)["shares"][0]["got"] == 1


def test_split_5_reassigning_by_hand_is_not_counted():
    user, other = make_user(), make_user()
    make_filter((user, 50), (other, 50))
    lead = make_lead()
    actions.split([lead.pk], by=SYSTEM)
    lead.refresh_from_db()
    writes.change(lead, {"assignee": make_user().pk}, by=SYSTEM)
    assert sum(Share.objects.values_list("got", flat=True)) == 1


def test_intake_4_a_known_owner_is_preferred_and_not_counted():
    from kanal.entities.leads.tests.factories import make_account

    owner, other = make_user(), make_user()
    make_filter((other, 100), prefers_owner=True)
    lead = make_lead(account=make_account(account_manager=owner.pk).pk)
    actions.split([lead.pk], by=SYSTEM)
    lead.refresh_from_db()
    assert (lead.assignee, Share.objects.get().got) == (owner, 0)


def test_a_partner_can_have_a_share():
    partner = make("partners", name="Fjord AS")
    make("splitter-filters", name="Partners", shares=[{"partner": partner.pk, "percent": 100}])
    lead = make_lead()
    actions.split([lead.pk], by=SYSTEM)
    lead.refresh_from_db()
    assert (lead.partner, lead.assignee) == (partner, None)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_split_3_several_workers_at_once_stay_fair():
    users = [make_user() for _number in range(3)]
    row = make_filter((users[0], 50), (users[1], 30), (users[2], 20))
    project = make_project().pk
    ids = [make_lead(project=project).pk for _number in range(60)]
    ready, problems = threading.Barrier(4), []

    def work(mine):
        ready.wait()
        try:
            for pk in mine:
                actions.split([pk], by=SYSTEM)
        except Exception as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(ids[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    got = Counter(Lead.objects.filter(pk__in=ids).values_list("assignee", flat=True))
    assert [got[user.pk] for user in users] == [30, 18, 12]
    order = list(Receipt.objects.filter(filter=row).order_by("id").values_list("user", flat=True))
    for count in range(1, 61):
        for user, percent in zip(users, (50, 30, 20), strict=True):
            assert abs(order[:count].count(user.pk) - count * percent / 100) < 1


def test_filters_are_a_record_type():
    assert registry.get("splitter-filters").model is SplitterFilter


def test_split_4_a_partner_gets_leads_while_they_are_one():
    active, paused = make("partners", name="Active"), make("partners", name="Paused", status="paused")
    make(
        "splitter-filters",
        name="All",
        shares=[{"partner": partner.pk, "percent": "50"} for partner in (active, paused)],
    )
    leads = [make_lead().pk for _number in range(2)]
    actions.split(leads, by=SYSTEM)
    assert set(Lead.objects.filter(pk__in=leads).values_list("partner_id", flat=True)) == {active.pk}


@pytest.mark.parametrize(
    ("status", "is_away", "owners"), [("active", False, "both"), ("active", True, "partner"), ("ended", True, "share")]
)
def test_intake_4_the_customer_of_a_partner_stays_theirs(status, is_away, owners):
    """INTAKE-4: who is away or no partner now is passed over for the shares."""
    partner = make("partners", name="Somebody", status=status)
    manager = make_user(absent_until=today() + dt.timedelta(1) if is_away else None)
    other, account = make_user(), make_account(partner=partner.pk, account_manager=manager.pk)
    make_filter((other, 100), prefers_owner=True)
    lead = make_lead(account=account.pk)
    actions.split([lead.pk], by=SYSTEM)
    lead.refresh_from_db()
    expected = {"both": (manager, partner), "partner": (None, partner), "share": (other, None)}
    assert (lead.assignee, lead.partner) == expected[owners]
    assert Receipt.objects.get(lead=lead).is_counted == (owners == "share")
