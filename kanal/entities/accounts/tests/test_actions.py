"""What is done with accounts, and who sees them (ACCT, ACC-3a, ACC-5, ACC-8)."""

import pytest

from kanal.core import access, registry, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import SYSTEM
from kanal.core.models import Assignment, Change, Role, RoleRule
from kanal.core.query import FilterContext, condition, parse
from kanal.entities.accounts import actions
from kanal.entities.accounts.models import Account, AccountRelation
from kanal.entities.accounts.relations import relations
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
from kanal.kit.errors import Invalid, NotFound, Refused

pytestmark = pytest.mark.django_db


def test_acct_2_an_account_is_made_with_what_follows_from_it():
    user = make_user()
    account = make_account(
        by(user), organization="Nordlys AS", vat_number="no 987654321 mva", email="Post@Nordlys.Example"
    )
    assert (account.name, account.vat_number, account.email) == ("Nordlys AS", "NO987654321MVA", "post@nordlys.example")
    assert (account.account_manager, account.type.key, account.owner_ids) == (user, "organization", [user.pk])


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"organization": ""}, "organization"),
        ({"type": "personal", "first_name": "Anna"}, "last_name"),
        ({"vat_number": "DE12"}, "vat_number"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_acct_2_what_does_not_fit_is_named_at_its_field(values, wrong):
    with pytest.raises(Invalid) as problem:
        make_account(**values)
    assert wrong in problem.value.errors


def test_an_account_can_not_stand_below_its_own_subaccount():
    top = make_account()
    below = make_account(parent=top.pk)
    with pytest.raises(Invalid) as problem:
        writes.change(top, {"parent": below.pk}, by=SYSTEM)
    assert "parent" in problem.value.errors


def test_acc_5_a_private_account_is_seen_by_its_author_alone():
    author, other, admin = make_user(), make_user(), make_user("", user_type="administrator")
    account = make_account(by(author), is_private=True, is_global=True)
    assert [may_see(user, account) for user in (author, other, admin)] == [True, False, False]
    with pytest.raises(NotFound):
        access.get_for(admin, registry.get("accounts"), account.pk)
    assert access.display_names(admin, registry.get("accounts"), [account.pk]) == {}


def test_acc_5_only_the_author_makes_an_account_private():
    author, other = make_user(), make_user()
    account = make_account(by(author))
    for stranger in (by(other), SYSTEM, by(other).within_action("edit")):
        with pytest.raises(Refused):
            writes.change(account, {"is_private": True}, by=stranger)
    assert writes.change(account, {"is_private": True}, by=by(author)).private_to == author
    assert writes.change(account, {"is_private": False}, by=by(author)).private_to is None


def test_acc_5_a_private_account_is_handed_over():
    author, heir = make_user(), make_user()
    account = make_account(by(author), is_private=True)
    with pytest.raises(Refused):
        actions.hand_over(account, {"user": heir.pk}, by=by(heir))
    actions.hand_over(account, {"user": heir.pk}, by=by(author))
    assert [may_see(user, account) for user in (author, heir)] == [False, True]


def test_acc_5_a_global_account_is_seen_by_colleagues_but_not_changed():
    seller, partner = make_user("own"), make_partner()
    external = make_partner_user(partner)
    account = make_account(is_global=True)
    assert may_see(seller, account)
    assert not access.has_permission(seller, registry.get("accounts"), "edit", account)
    assert not may_see(external, account)


def test_acc_8_an_external_user_sees_the_accounts_of_their_partner():
    mine, other = make_partner(), make_partner()
    external = make_partner_user(mine)
    account = make_account()
    assert not may_see(external, account)
    assign = registry.action(registry.get("accounts"), "assign-to-partner")
    assign.run(account, {"partner": mine.pk}, by=by(make_user()))
    account.refresh_from_db()
    assert may_see(external, account)
    assert not may_see(make_partner_user(other), account)
    made = make_account(by(external))
    assert (made.partner, may_see(external, made)) == (mine, True)


def test_acc_3a_a_role_in_a_project_shows_its_accounts():
    project, account, stranger = make_project(), make_account(), make_account()
    member = make_user("")
    role = Role.objects.create(key="project-accounts", name="Accounts of the project")
    RoleRule.objects.create(role=role, entity="accounts", actions=["view"], visibility="all")
    Assignment.objects.create(role=role, user=member, project=project)
    rebuild_grants()
    assert not may_see(member, account)
    actions.add_to_project(account, {"project": project.pk}, by=by(make_user()))
    assert may_see(member, account)
    assert not may_see(member, stranger)


def test_acct_4_adding_to_a_project_keeps_those_that_the_user_does_not_see():
    hidden, shown, account = make_project(), make_project(), make_account()
    writes.change(account, {"projects": [hidden.pk]}, by=SYSTEM)
    user = make_user("own")
    writes.change(shown, {"name": "Seen"}, by=SYSTEM)
    shown.owner_ids = [user.pk]
    type(shown).objects.filter(pk=shown.pk).update(owner_ids=[user.pk])
    actions.add_to_project(account, {"project": shown.pk}, by=by(user))
    assert set(account.projects.values_list("pk", flat=True)) == {hidden.pk, shown.pk}


def test_acct_2_favourites_are_found_by_me_and_kept_out_of_the_history():
    user, account = make_user(), make_account()
    before = Change.objects.count()
    for _twice in range(2):
        actions.add_to_my_accounts(account, {}, by=by(user))
    favourites = Account.objects.filter(
        condition(parse("favourite_of:is(me)"), registry.get("accounts"), FilterContext(user))
    )
    assert list(favourites) == [account]
    actions.remove_from_my_accounts(account, {}, by=by(user))
    assert not favourites.all().exists()
    assert Change.objects.count() == before


def test_acct_4_connect_accounts_and_show_both_sides():
    user, account, other = make_user(), make_account(), make_account()
    actions.connect_accounts(account, {"related_account": other.pk, "relation_kind": "supplier"}, by=by(user))
    with pytest.raises(Invalid):
        actions.connect_accounts(account, {"related_account": other.pk, "relation_kind": "supplier"}, by=by(user))
    with pytest.raises(Invalid):
        actions.connect_accounts(account, {"related_account": account.pk, "relation_kind": "supplier"}, by=by(user))
    assert [row["account"].pk for row in relations(account, user)["related"]] == [other.pk]
    assert [(row["account"].pk, row["is_reverse"]) for row in relations(other, user)["related"]] == [(account.pk, True)]
    assert Change.objects.filter(entity="account-relations", verb="connect-accounts").count() == 1


def test_acc_5_relations_name_no_private_account():
    author, other = make_user(), make_user()
    private, account = make_account(by(author), is_private=True), make_account()
    actions.connect_accounts(private, {"related_account": account.pk, "relation_kind": "same_group"}, by=by(author))
    writes.change(private, {"parent": account.pk}, by=by(author))
    assert [len(rows) for rows in relations(account, author).values()] == [1, 1]
    assert [len(rows) for rows in relations(account, other).values()] == [0, 0]
    assert not access.visible_to(other, registry.get("account-relations")).exists()


def test_acct_5_subaccounts_stand_as_a_tree():
    top = make_account(organization="A")
    middle = make_account(organization="B", parent=top.pk)
    low = make_account(organization="C", parent=middle.pk)
    rows = relations(top, make_user())["subaccounts"]
    assert [(row["account"].pk, row["level"]) for row in rows] == [(middle.pk, 0), (low.pk, 1)]


def test_acct_4_groups_and_archive():
    user, account = make_user(), make_account()
    group = make("account-groups", name="Key customers")
    actions.add_to_group(account, {"group": group.pk}, by=by(user))
    actions.archive(account, {}, by=by(user))
    account.refresh_from_db()
    assert (list(account.groups.all()), account.is_archived) == ([group], True)
    actions.unarchive(account, {}, by=by(user))
    account.refresh_from_db()
    assert not account.is_archived


def test_acct_9_an_account_with_something_on_it_is_not_deleted():
    account = make_account()
    make("contacts", last_name="Berg", account=account.pk)
    with pytest.raises(Refused) as problem:
        writes.delete(account, by=SYSTEM)
    assert "Personal contacts" in str(problem.value)


def test_deleting_an_account_takes_its_relations_along():
    account, other = make_account(), make_account()
    make("account-relations", account=account.pk, related_account=other.pk, relation_kind="customer")
    writes.delete(account, by=SYSTEM)
    assert not AccountRelation.objects.exists()
