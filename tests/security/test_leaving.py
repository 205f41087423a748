"""People who leave: nothing new comes to them, what they have stays and can be handed over (ACC-9)."""

import json

import pytest
from django.test import Client

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.cache import invalidate
from kanal.entities.intake.actions import receive
from kanal.entities.intake.pipeline import process_batch
from kanal.entities.intake.storage import Post
from kanal.entities.leads.models import Lead
from kanal.entities.leads.tests.factories import make, make_lead, make_project, make_user
from kanal.features.comments.models import Comment
from kanal.kit.errors import Invalid, Refused


@pytest.fixture
def boss(db):
    return make_user(user_type="administrator")


@pytest.fixture
def leaver(db):
    """Return somebody with a lead, who has left."""
    user = make_user(last_name="Vega")
    user.lead = make_lead(assignee=user.pk)
    lead = user.lead
    writes.change(user, {"is_active": False}, by=SYSTEM)
    user.refresh_from_db()
    user.lead = lead
    return user


@pytest.mark.parametrize("means", [ChangeSource.FORM, ChangeSource.INLINE, ChangeSource.API, ChangeSource.IMPORT])
def test_nothing_new_is_assigned_to_who_has_left(boss, leaver, means):
    """ACC-9: whoever writes by whatever means; the refusal stands at the field."""
    by = Actor(boss, means)
    with pytest.raises(Invalid) as wrong:
        writes.change(make_lead(), {"assignee": leaver.pk}, by=by)
    assert "no longer active" in str(wrong.value.errors["assignee"][0])
    with pytest.raises(Invalid) as wrong:
        writes.create(registry.get("opportunities"), {
            "name": "D", "project": make_project().pk, "further_members": [leaver.pk], "assignee": leaver.pk,
        }, by=by)  # fmt: skip
    assert {"assignee", "further_members"} <= wrong.value.errors.keys()
    outcome = writes.change_many(Lead.objects.filter(pk=make_lead().pk), {"assignee": leaver.pk}, by=by)
    assert "no longer active" in outcome.refused[0][1]
    made = writes.create_many(
        registry.get("leads"),
        [{"subject": "A", "project": make_project().pk, "assignee": leaver.pk}],
        by=by,
        strict=False,
    )
    assert made.problems.keys() == {0}


def test_what_somebody_has_stays_theirs_until_it_is_handed_over(boss, leaver):
    """A form sends the assignee along with what was changed; that is no new choice."""
    by = Actor(boss, ChangeSource.FORM)
    lead = writes.change(leaver.lead, {"subject": "Changed", "assignee": leaver.pk}, by=by)
    assert (lead.subject, lead.assignee_id) == ("Changed", leaver.pk)
    other = make_user()
    assert writes.change(lead, {"assignee": other.pk}, by=by).assignee_id == other.pk
    with pytest.raises(Invalid):
        writes.change(lead, {"assignee": leaver.pk}, by=by)


def test_members_who_have_left_can_be_taken_out(boss):
    user, other = make_user(), make_user()
    deal = make("opportunities", name="D", project=make_project().pk, further_members=[user.pk, other.pk])
    writes.change(user, {"is_active": False}, by=SYSTEM)
    by = Actor(boss, ChangeSource.FORM)
    writes.change(deal, {"further_members": [user.pk, other.pk], "name": "E"}, by=by)
    writes.change(deal, {"further_members": [other.pk]}, by=by)
    assert list(deal.further_members.values_list("pk", flat=True)) == [other.pk]


@pytest.mark.parametrize("text", ["", "Vega"])
def test_pickers_do_not_offer_who_has_left(boss, leaver, text):
    client = Client()
    client.force_login(boss)
    items = client.get(f"/pick/users?q={text}").json()["items"]
    assert leaver.pk not in {item["id"] for item in items}


def test_filters_find_what_they_left(boss, leaver):
    """LIST-2: whoever hands it over has to find it first."""
    client = Client()
    client.force_login(boss)
    assert "/pick/users?all=1" in client.get("/crm/leads/data/filter?field=assignee").content.decode()
    items = client.get("/pick/users?q=Vega&all=1").json()["items"]
    assert leaver.pk in {item["id"] for item in items}
    rows = client.get(f"/crm/leads/data/?filter=assignee:any({leaver.pk})").content.decode()
    assert leaver.lead.subject in rows


@pytest.mark.parametrize("given", ["default", "fixed"])
def test_the_intake_leaves_the_leads_of_who_has_left_to_the_splitter(leaver, given):
    """INTAKE-3: the lead is made, and a note says why it has nobody."""
    values = {"default_assignee": leaver.pk} if given == "default" else {
        "field_mapping": {"fields": [{"from": "email", "to": "email"}], "fixed": {"assignee": leaver.pk}},
    }  # fmt: skip
    source = make("intake-sources", name=f"Site {given}", default_project=make_project().pk, **values)
    invalidate()
    receipt = receive(source.key, Post(json.dumps({"email": "anna@example.com"}).encode(), "application/json"))
    process_batch()
    row = registry.get("intakes").model.objects.get(pk=receipt.id)
    assert (row.state, row.lead.assignee_id) == ("done", None)
    assert "No longer active" in str(row.steps)
    assert not Comment.objects.filter(entity="leads", record_id=row.lead.pk).exists()  # a partner would read the name


def test_somebody_who_has_records_is_deactivated_instead_of_deleted(boss, leaver):
    """The refusal says what to do."""
    with pytest.raises(Refused, match="Deactivate"):
        writes.delete(leaver, by=Actor(boss, ChangeSource.FORM))
    outcome = writes.delete_many(type(leaver).objects.filter(pk=leaver.pk), by=Actor(boss, ChangeSource.BULK))
    assert "Deactivate" in outcome.refused[0][1]
