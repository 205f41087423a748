"""What is done with leads (LEAD-1 to LEAD-8)."""

import datetime as dt
import threading

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from kanal.core import access, registry, settings, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.models import Change, FieldRule
from kanal.entities.leads import actions
from kanal.entities.leads.models import Lead
from kanal.entities.leads.tests.factories import (
    make,
    make_account,
    make_activity,
    make_lead,
    make_project,
    make_user,
    pool_lead,
)
from kanal.kit.errors import ActionNeeded, Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db


def by(user):
    return Actor(user, ChangeSource.FORM)


def test_lead_1_name_stage_and_money_follow_from_the_values():
    lead = make_lead(
        subject="", first_name="Anna", last_name="Berg", company="Nordlys AS", email="Anna@Nordlys.example",
        value={"amount": "1200", "currency": "EUR"},
    )  # fmt: skip
    assert (lead.name, lead.stage, lead.email) == ("Anna Berg – Nordlys AS", "new", "anna@nordlys.example")
    assert lead.value_main == 1200
    assert lead.received_at


def test_lead_1_something_must_be_known():
    with pytest.raises(Invalid) as problem:
        make_lead(subject="")
    assert "subject" in problem.value.errors


def test_lead_2_the_first_activity_touches_a_new_lead():
    lead = make_lead()
    make_activity(lead=lead.pk)
    lead.refresh_from_db()
    assert (lead.stage, lead.touched_at is not None) == ("touched", True)


def test_lead_2_qualified_only_by_qualify():
    with pytest.raises(ActionNeeded):
        writes.change(make_lead(), {"status": "qualified"}, by=SYSTEM)


def test_lead_4_sellers_see_the_pool_and_take_from_it():
    seller, other = make_user("own"), make_user("own")
    lead, owned = pool_lead(), make_lead(assignee=make_user().pk)
    leads = registry.get("leads")
    assert set(access.visible_to(seller, leads)) == {lead}
    assert access.has_permission(seller, leads, "take", lead)
    assert not access.has_permission(seller, leads, "edit", lead)
    assert not access.has_permission(make_user("own", ["view"]), leads, "view", lead)
    actions.take_lead(lead, by=by(seller).within_action("take"))
    lead.refresh_from_db()
    assert (lead.assignee, seller.pk in lead.owner_ids) == (seller, True)
    with pytest.raises(Refused, match=str(seller)):
        actions.take_lead(access.get_for(other, leads, lead.pk, "take"), by=by(other).within_action("take"))
    Lead.objects.filter(pk=lead.pk).update(pool_left_at=timezone.now() - dt.timedelta(hours=1))
    with pytest.raises(NotFound):
        access.get_for(other, leads, lead.pk)
    with pytest.raises(NotFound):
        access.get_for(seller, leads, owned.pk)


def test_lead_4_a_lead_on_its_way_through_the_splitter_is_not_in_the_pool():
    assert make_lead().awaits_split
    assert not Lead.objects.in_pool().exists()


def test_lead_4_return_to_the_pool_undoes():
    seller, lead = make_user("own"), pool_lead()
    actions.take_lead(lead, by=by(seller).within_action("take"))
    actions.return_to_pool(lead, by=by(seller).within_action("return-to-pool"))
    assert Lead.objects.in_pool().get() == lead


def test_lead_4_untouched_leads_return_by_themselves():
    lead = make_lead(assignee=make_user().pk)
    later = timezone.now() + dt.timedelta(hours=25)
    assert actions.return_untouched(later) == 0
    settings.set_setting("leads.pool_hours", 24)
    assert actions.return_untouched(later) == 1
    assert Lead.objects.in_pool().get() == lead


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_lead_4_exactly_one_of_two_who_press_at_once_gets_it():
    sellers, lead = [make_user("own"), make_user("own")], pool_lead()
    ready, outcomes = threading.Barrier(2), []

    def press(seller):
        ready.wait()
        try:
            actions.take_lead(lead, by=by(seller).within_action("take"))
            outcomes.append(f"got {seller.pk}")
        except Refused as problem:
            outcomes.append(str(problem))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(seller,)) for seller in sellers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lead.refresh_from_db()
    assert sorted(outcomes) == sorted([f"got {lead.assignee_id}", f"{lead.assignee} has already taken this lead."])


def test_lead_6_disqualify_and_reopen():
    lead, actor = make_lead(), by(make_user("all"))
    with pytest.raises(Invalid):
        actions.disqualify(lead, {"status": "touched"}, by=actor)
    actions.disqualify(lead, {"status": "no_interest", "disqualification_reason": "Too dear"}, by=actor)
    lead.refresh_from_db()
    assert (lead.stage, lead.disqualification_reason) == ("disqualified", "Too dear")
    with pytest.raises(Refused):
        actions.disqualify(lead, {"status": "duplicate"}, by=actor)
    actions.reopen(lead, by=actor)
    lead.refresh_from_db()
    assert (lead.stage, lead.disqualification_reason) == ("new", "")
    assert Change.objects.filter(entity="leads", record_id=lead.pk, verb="disqualify").exists()


def test_lead_6_a_rule_can_require_the_reason():
    FieldRule.objects.create(
        entity="leads", field="disqualification_reason", status="no_interest", mode=FieldRule.Mode.REQUIRED
    )
    with pytest.raises(Invalid) as problem:
        actions.disqualify(make_lead(), {"status": "no_interest"}, by=by(make_user("all")))
    assert "disqualification_reason" in problem.value.errors


def test_lead_7_archive_unarchive_link_and_copy():
    lead, actor = make_lead(email="a@nordlys.example"), by(make_user("all", entities=("leads", "accounts", "projects")))
    actions.archive(lead, by=actor)
    lead.refresh_from_db()
    assert lead.is_archived
    actions.unarchive(lead, by=actor)
    account = make_account(organization="Nordlys AS")
    actions.add_account(lead, {"account": account.pk}, by=SYSTEM)
    copied = actions.copy_lead(Lead.objects.get(pk=lead.pk), by=SYSTEM)
    assert (copied.email, copied.account, copied.pk != lead.pk) == ("a@nordlys.example", account, True)


def test_lead_8_anonymize_leaves_no_trace_of_the_person():
    lead = make_lead(
        subject="Call Anna Berg", first_name="Anna", last_name="Berg", email="anna@nordlys.example",
        phone="+4722334455", company="Nordlys AS", city="Oslo", description="Anna wants pumps",
    )  # fmt: skip
    writes.change(lead, {"last_name": "Bergersen"}, by=SYSTEM)
    actions.anonymize(lead, by=by(make_user("all")))
    lead.refresh_from_db()
    assert (lead.first_name, lead.email, lead.name, lead.company) == ("", "", "Anonymized lead", "Nordlys AS")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(c)::text, ' ') FROM core_change c WHERE entity = 'leads'")
        kept = cursor.fetchone()[0] + str(Lead.objects.values().get(pk=lead.pk))
    assert not [word for word in ("Anna", "anna@", "Berg", "22334455") if word in kept]
    assert Change.objects.filter(entity="leads", record_id=lead.pk, verb="anonymize").exists()


def test_acc_8_a_partner_user_sees_the_partners_leads_alone():
    mine, other = make("partners", name="Fjord AS"), make("partners", name="Dal AS")
    user = make_user("partner", user_type="partner", partner=mine.pk)
    lead = make_lead(partner=mine.pk)
    make_lead(partner=other.pk)
    pool_lead()
    assert list(access.visible_to(user, registry.get("leads"))) == [lead]


def test_the_default_project_is_preset():
    project = make_project()
    settings.set_setting("b2b.default_campaign_project", project.pk)
    assert make("leads", subject="Pumps").project == project


def test_each_verb_and_tab_answers_on_the_page():
    client = Client()
    client.force_login(make_user(user_type="administrator"))
    lead = pool_lead()
    text = client.get(f"/crm/leads/{lead.pk}/").content.decode()
    for word in ("Take", "Qualify", "Disqualify", "Add account", "Add partner", "Archive", "Anonymize", "Copy"):
        assert word in text
    for tab in ("splitter", "intake", "opportunities", "history"):
        assert client.get(f"/crm/leads/{lead.pk}/?tab={tab}").status_code == 200
    asked = client.get(f"/crm/leads/{lead.pk}/disqualify").content.decode()
    assert "Disqualification reason" in asked
    assert ("No interest" in asked, ">Touched<" in asked) == (True, False)
    client.post(f"/crm/leads/{lead.pk}/disqualify", {"status": "no_interest", "disqualification_reason": "Too dear"})
    assert Lead.objects.get(pk=lead.pk).disqualification_reason == "Too dear"


def test_lead_4_who_comes_too_late_is_told_who_was_first():
    first, second, lead = make_user("own"), make_user("own"), pool_lead()
    answers = []
    for user in (first, second):
        client = Client()
        client.force_login(user)
        answers.append(client.post(f"/crm/leads/{lead.pk}/take"))
    assert (answers[0].status_code, answers[1].status_code) == (302, 409)
    assert str(first) in answers[1].content.decode()
