"""What is done with partners, and who sees them (PART-1, PART-3, ACC-8)."""

import pytest

from kanal.core import writes
from kanal.core.actor import SYSTEM
from kanal.core.models import Change
from kanal.entities.accounts.tests.factories import (
    by,
    make_account,
    make_partner,
    make_partner_user,
    make_project,
    make_user,
    may_see,
)
from kanal.entities.partners.actions import add_to_project, assign_to_partner
from kanal.kit.errors import Invalid, Refused

pytestmark = pytest.mark.django_db


def test_part_1_a_partner_is_managed_by_its_author():
    user = make_user()
    partner = make_partner(by=by(user), tier="gold", country="NO", vat_number="987654321MVA")
    assert (partner.manager, partner.status, partner.tier.key) == (user, "active", "gold")
    assert (partner.vat_number, partner.owner_ids) == ("NO987654321MVA", [user.pk])


def test_part_1_no_distributor_stands_below_itself():
    top = make_partner()
    below = make_partner(parent=top.pk)
    with pytest.raises(Invalid):
        writes.change(top, {"parent": below.pk}, by=SYSTEM)


def test_acc_8_an_external_user_sees_their_own_partner_alone():
    mine, other = make_partner(), make_partner()
    external = make_partner_user(mine)
    assert [may_see(external, partner) for partner in (mine, other)] == [True, False]


def test_acc_3_the_manager_sees_the_partner():
    manager, other = make_user("own"), make_user("own")
    partner = make_partner(manager=manager.pk)
    assert [may_see(user, partner) for user in (manager, other)] == [True, False]


def test_part_3_a_partner_with_accounts_is_not_deleted():
    partner, account = make_partner(), make_account()
    assign_to_partner(account, {"partner": partner.pk}, by=by(make_user()))
    assert Change.objects.filter(entity="accounts", record_id=account.pk, verb="assign-to-partner").exists()
    with pytest.raises(Refused):
        writes.delete(partner, by=SYSTEM)


def test_acc_3a_a_partner_is_added_to_a_project():
    partner, project = make_partner(), make_project()
    add_to_project(partner, {"project": project.pk}, by=by(make_user()))
    assert list(partner.projects.all()) == [project]
