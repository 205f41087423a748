"""What is done with activities, where they show, and who sees them (ACT, ACC-3, ACC-5, ACC-8)."""

import datetime as dt

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.models import Change, FieldVisibility
from kanal.entities.accounts.tests.factories import (
    by,
    make,
    make_account,
    make_partner,
    make_partner_user,
    make_project,
    make_user,
    may_see,
)
from kanal.entities.activities.actions import mark_done
from kanal.entities.activities.models import Activity
from kanal.kit.errors import Invalid

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)


def make_activity(by=SYSTEM, **values):
    return make("activities", by, **{"subject": "Call back", **values})


def make_lead(**values):
    return make("leads", **{"subject": "A lead", "project": make_project().pk, **values})


def test_act_1_an_activity_begins_with_the_usual_category_and_its_author():
    user = make_user()
    activity = make_activity(by(user), account=make_account().pk)
    assert (activity.category.key, activity.assignee, activity.done) == ("call", user, False)


def test_act_1_an_activity_stands_on_a_record():
    with pytest.raises(Invalid):
        make_activity()


def test_act_1_it_ends_after_its_start():
    with pytest.raises(Invalid) as problem:
        make_activity(account=make_account().pk, start=MORNING, end=MORNING - dt.timedelta(hours=1))
    assert "end" in problem.value.errors


def test_act_2_mark_done_keeps_when_and_what_came_of_it():
    user = make_user()
    activity = make_activity(account=make_account().pk)
    mark_done(activity, {"outcome": "They buy", "next_step": "Send the quote"}, by=by(user))
    activity.refresh_from_db()
    assert (activity.done, activity.outcome, activity.next_step) == (True, "They buy", "Send the quote")
    assert activity.done_at
    writes.change(activity, {"done": False}, by=by(user))
    activity.refresh_from_db()
    assert activity.done_at is None


def test_act_2_add_activity_begins_one_on_each_kind_of_record():
    for key, parent in {
        "leads": "lead", "opportunities": "opportunity", "accounts": "account", "contacts": "contact",
        "partners": "partner",
    }.items():  # fmt: skip
        action = registry.action(registry.get(key), "add-activity")
        assert (str(action.label), action.button.begins, action.button.begins_as) == (
            "Add activity",
            "activities",
            parent,
        )
        assert any(str(tab.label) == "Sales activities" for tab in registry.tabs(registry.get(key)))


def test_act_3_an_activity_on_a_lead_shows_on_its_account():
    account = make_account()
    lead = make_lead(account=account.pk)
    activity = make_activity(lead=lead.pk)
    assert (activity.account, activity.project) == (account, lead.project)


def test_acc_3_who_owns_the_lead_sees_its_activities():
    seller, other = make_user("own"), make_user("own")
    lead = make_lead(assignee=seller.pk)
    activity = make_activity(lead=lead.pk)
    assert [may_see(user, activity) for user in (seller, other)] == [True, False]
    writes.change(activity, {"participants": [other.pk]}, by=SYSTEM)
    assert may_see(other, activity)


def test_acc_5_activities_of_a_private_account_are_as_private():
    author, other = make_user(), make_user()
    account = make_account(by(author))
    activity = make_activity(account=account.pk)
    assert may_see(other, activity)
    writes.change(account, {"is_private": True}, by=by(author))
    assert [may_see(user, activity) for user in (author, other)] == [True, False]


def test_acc_8_an_external_user_sees_the_activities_of_their_partners_records():
    partner = make_partner()
    external = make_partner_user(partner)
    own = [
        make_activity(account=make_account(partner=partner.pk).pk),
        make_activity(lead=make_lead(partner=partner.pk).pk),
        make_activity(partner=partner.pk),
    ]
    strange = make_activity(account=make_account().pk)
    assert [may_see(external, activity) for activity in (*own, strange)] == [True, True, True, False]


def test_deleting_a_record_keeps_activities_that_stand_on_another_one():
    account = make_account()
    both = make_activity(lead=make_lead(account=account.pk).pk)
    alone = make_activity(lead=make_lead().pk)
    for lead in (both.lead, alone.lead):
        writes.delete(lead, by=SYSTEM)
    assert list(Activity.objects.all()) == [both]
    assert Activity.objects.get().account == account
    assert Change.objects.filter(entity="activities", record_id=alone.pk, kind="d").exists()


def test_nav_4_the_next_step_takes_over_no_hidden_field(client):
    """ACC-6: the dialog that plans what follows begins with the next step for those alone who may read it."""
    activity = make_activity(account=make_account().pk, next_step="Send the secret quote")
    client.force_login(make_user())
    url = f"/crm/activities/{activity.pk}/next-step"
    assert "Send the secret quote" in client.get(url).content.decode()
    for field in ("next_step", "category"):
        FieldVisibility.objects.create(entity="activities", field=field, user_types=["director"])
    invalidate()
    page = client.get(url)
    assert (page.status_code, "Send the secret quote" in page.content.decode()) == (200, False)
