"""What is done with personal contacts, and who sees them (CONT, ACC-5, ACC-8)."""

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.models import Change
from kanal.entities.accounts.actions import hand_over
from kanal.entities.accounts.tests.factories import (
    by,
    make,
    make_account,
    make_partner,
    make_partner_user,
    make_user,
    may_see,
)
from kanal.entities.contacts.actions import anonymize
from kanal.entities.contacts.tests.factories import make_contact
from kanal.kit.errors import Invalid

pytestmark = pytest.mark.django_db


def test_cont_2_the_type_follows_from_where_a_person_is_made():
    employee = make_contact()
    consultant = make_contact(partner=make_partner().pk)
    assert (employee.type.key, consultant.type.key, employee.name) == ("employee", "consultant", "Anna Berg")
    assert make_contact(type="consultant").type.key == "consultant"


def test_cont_3_a_person_belongs_to_somebody():
    with pytest.raises(Invalid) as problem:
        make("contacts", last_name="Berg")
    assert "account" in problem.value.errors
    assert not registry.get("contacts").is_creatable


def test_cont_3_new_employee_and_new_consultant_begin_a_contact():
    employee = registry.action(registry.get("accounts"), "new-employee")
    consultant = registry.action(registry.get("partners"), "new-consultant")
    assert (employee.button.begins, employee.button.begins_as) == ("contacts", "account")
    assert (consultant.button.begins, consultant.button.begins_as) == ("contacts", "partner")


def test_acc_5_people_of_a_private_account_are_as_private():
    author, other, heir = make_user(), make_user(), make_user()
    account = make_account(by(author), is_private=True)
    contact = make_contact(by(author), account=account.pk)
    assert [may_see(user, contact) for user in (author, other)] == [True, False]
    writes.change(account, {"is_private": False}, by=by(author))
    assert may_see(other, contact)
    writes.change(account, {"is_private": True}, by=by(author))
    assert not may_see(other, contact)
    account.refresh_from_db()
    hand_over(account, {"user": heir.pk}, by=by(author))
    assert [may_see(user, contact) for user in (author, heir)] == [False, True]


def test_acc_8_an_external_user_sees_the_people_of_their_partners_accounts():
    partner = make_partner()
    external = make_partner_user(partner)
    own = make_contact(account=make_account(partner=partner.pk).pk)
    consultant = make_contact(partner=partner.pk)
    strangers = [make_contact(), make_contact(partner=make_partner().pk)]
    assert [may_see(external, contact) for contact in (own, consultant, *strangers)] == [True, True, False, False]


def test_acc_3_who_owns_the_account_sees_its_people():
    seller = make_user("own")
    account = make_account()
    contact = make_contact(account=account.pk)
    assert not may_see(seller, contact)
    writes.change(account, {"account_manager": seller.pk}, by=SYSTEM)
    assert may_see(seller, contact)


def test_acc_3_a_person_who_moves_belongs_to_the_new_accounts_manager():
    seller = make_user("own")
    contact = make_contact()
    writes.change(contact, {"account": make_account(account_manager=seller.pk).pk}, by=SYSTEM)
    assert may_see(seller, contact)


def test_cont_3_anonymizing_leaves_nothing_personal_in_record_channels_and_history():
    contact = make_contact(email="anna@nordlys.example", phone="+4755550100", description="Likes skiing")
    make("channels", contact=contact.pk, kind="linkedin", value="in/anna-berg")
    writes.change(contact, {"mobile": "+4790000000"}, by=SYSTEM)
    contact.refresh_from_db()
    anonymize(contact, {}, by=by(make_user()))
    contact.refresh_from_db()
    assert (contact.name, contact.email, contact.mobile, contact.channels.count()) == ("Anonymized", "", "", 0)
    changes = str(list(Change.objects.filter(entity__in=["contacts", "channels"]).values_list("old", "new")))
    for secret in ("anna", "Anna", "Berg", "skiing", "55550100", "90000000"):
        assert secret not in changes


def test_cont_1_channels_are_seen_with_their_person():
    author, other = make_user(), make_user()
    contact = make_contact(by(author), account=make_account(by(author), is_private=True).pk)
    channel = make("channels", contact=contact.pk, kind="linkedin", value="in/anna", is_preferred=True)
    assert channel.kind.key == "linkedin"
    from kanal.core.models import RoleRule

    for rule in RoleRule.objects.filter(entity="contacts"):
        RoleRule.objects.get_or_create(role=rule.role, entity="channels", defaults={"actions": ["view"]})
    from kanal.core.cache import invalidate

    invalidate()
    assert [may_see(user, channel) for user in (author, other)] == [True, False]
