"""The pages of accounts as a seller meets them (OP-ACC)."""

import pytest

from kanal.core import registry
from kanal.entities.accounts.models import Account, Favourite
from kanal.entities.accounts.tests.factories import by, make, make_account, make_partner, make_project, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user("", user_type="administrator")


@pytest.fixture
def pages(client, user):
    client.force_login(user)
    return client


def test_op_acc_01_a_new_account_asks_for_its_type_first(pages):
    asked = pages.get("/crm/accounts/new?partner=7").content.decode()
    assert "Organization" in asked
    assert "?partner=7&amp;type=personal" in asked
    form = pages.get("/crm/accounts/new?type=personal")
    assert 'name="last_name"' in form.content.decode()
    assert 'name="organization"' not in form.content.decode()
    answer = pages.post("/crm/accounts/new?type=personal", {"type": "personal", "last_name": "Berg"})
    assert answer.status_code == 302, answer.content.decode()
    assert Account.objects.get().name == "Berg"


def test_acct_1_the_form_has_the_name_fields_of_the_type(pages, user):
    account = make_account(by(user))
    page = pages.get(f"/crm/accounts/{account.pk}/edit").content.decode()
    assert ('name="organization"' in page, 'name="last_name"' in page) == (True, False)
    values = {"type": "personal", "organization": account.organization, "revision": account.revision}
    refused = pages.post(f"/crm/accounts/{account.pk}/edit", values)
    assert refused.status_code == 422
    assert 'name="last_name"' in refused.content.decode()
    answer = pages.post(f"/crm/accounts/{account.pk}/edit", values | {"last_name": "Berg"})
    assert answer.status_code == 302, answer.content.decode()
    account.refresh_from_db()
    assert (account.name, account.type.key) == ("Berg", "personal")


def test_op_acc_14_23_every_tab_and_verb_of_an_account_answers(pages, user):
    account = make_account(by(user))
    make_account(by(user), parent=account.pk)
    entity = registry.get("accounts")
    for tab in registry.tabs(entity):
        assert pages.get(f"/crm/accounts/{account.pk}/?tab={tab.key}").status_code == 200, tab.key
    for action in registry.actions(entity):
        if action.run and not (action.hidden and action.hidden(account)):
            assert pages.get(f"/crm/accounts/{account.pk}/{action.verb}").status_code == 200, action.verb


def test_op_acc_06_09_the_dialogs_do_what_they_say(pages, user):
    account, other = make_account(by(user)), make_account(by(user))
    picked = {
        "add-to-project": {"picked": make_project().pk},
        "add-to-group": {"picked": make("account-groups", name="Key").pk},
        "connect-accounts": {"picked": other.pk, "relation_kind": "supplier"},
        "assign-to-partner": {"picked": make_partner().pk},
        "add-to-my-accounts": {},
    }
    for verb, values in picked.items():
        assert pages.post(f"/crm/accounts/{account.pk}/{verb}", values).status_code in (200, 204, 302), verb
    account.refresh_from_db()
    assert (account.projects.count(), account.groups.count(), account.relations.count()) == (1, 1, 1)
    assert account.partner
    assert Favourite.objects.count() == 1


def test_op_acc_26_favourites_are_a_list(pages):
    answer = pages.get("/crm/accounts/favourites", follow=True)
    assert answer.status_code == 200
    assert "favourite_of" in answer.request["QUERY_STRING"]


def test_acct_3_the_overview_leads_to_groups_types_and_favourites(pages):
    page = pages.get("/crm/accounts/").content.decode()
    for label in ("Favourite accounts", "Account groups", "Account types", "New account"):
        assert label in page
