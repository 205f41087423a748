"""The operations on accounts (OP-ACC)."""

import re

import pytest
from playwright.sync_api import expect

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from tests.browser.hands import agree, choose, crm, dialog, follow, more, panel, pick, press, tab, title

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def project(office):
    """Return a project."""
    return writes.create(registry.get("projects"), {"name": "North", "modules": ["crm"]}, by=SYSTEM)


@pytest.fixture
def account(make):
    """Return an account."""
    return make("accounts", organization="Fjord AS", type="account")


@pytest.fixture
def at_account(desk, account):
    """Open the page of the account."""
    desk.goto(account.get_absolute_url())
    return desk


def shown(page, name):
    """Return the link of this name in the open tab."""
    return page.get_by_role("tabpanel").get_by_role("link", name=name).first


def test_op_acc_01_create_and_02_edit(desk):
    crm(desk, "Accounts")
    follow(desk, "New account")
    follow(desk.get_by_role("main"), "Organization")
    desk.get_by_role("textbox", name="Organization").fill("Havn AS")
    press(desk, "Save")
    expect(title(desk)).to_contain_text("Havn AS")
    follow(panel(desk), "Edit")
    desk.get_by_role("textbox", name="Organization").fill("Havn Invest AS")
    press(desk, "Update")
    expect(title(desk)).to_contain_text("Havn Invest AS")


def test_op_acc_03_new_opportunity(at_account, account, project):
    follow(panel(at_account), "New opportunity")
    for name, button in (("Deal 1", "Save and new"), ("Deal 2", "Save")):
        expect(at_account.get_by_role("textbox", name="Name")).to_have_value("")
        expect(at_account.get_by_role("combobox", name="Account", exact=True)).to_have_value("Fjord AS")
        at_account.get_by_role("textbox", name="Name").fill(name)
        choose(at_account, "Project", project.name)
        press(at_account, button)
    expect(title(at_account)).to_contain_text("Deal 2")
    at_account.goto(account.get_absolute_url())
    tab(at_account, "Opportunities")
    expect(shown(at_account, "Deal 1")).to_be_visible()
    expect(shown(at_account, "Deal 2")).to_be_visible()


def test_op_acc_04_assign_to_partner(at_account, make):
    make("partners", name="Svea Partner AB")
    press(panel(at_account), "Assign to partner")
    pick(at_account, "Assign to partner", "Svea Partner AB")
    expect(shown(at_account, "Svea Partner AB")).to_be_visible()


def test_op_acc_05_new_employee_and_14_people(at_account):
    follow(panel(at_account), "New employee")
    at_account.get_by_role("textbox", name="Last name").fill("Hansen")
    press(at_account, "Save")
    tab(at_account, "People")
    expect(shown(at_account, "Hansen")).to_be_visible()


def test_op_acc_06_add_to_project(at_account, project):
    more(at_account, "Add to project")
    pick(at_account, "Add to project", project.name)
    expect(shown(at_account, project.name)).to_be_visible()


def test_op_acc_07_add_subaccount(at_account):
    more(at_account, "Add subaccount")
    follow(at_account.get_by_role("main"), "Organization")
    at_account.get_by_role("textbox", name="Organization").fill("Fjord Nord AS")
    press(at_account, "Save")
    at_account.wait_for_url(re.compile(r"/crm/accounts/\d+/"))
    expect(at_account.get_by_role("main")).to_contain_text("Fjord AS")


def test_op_acc_08_connect_accounts(at_account, make):
    make("accounts", organization="Bank Invest AS", type="organization")
    more(at_account, "Connect accounts")
    pick(at_account, "Connect accounts", "Bank Invest AS")
    tab(at_account, "Relations")
    expect(shown(at_account, "Bank Invest AS")).to_be_visible()


def test_op_acc_09_add_to_group(at_account, make):
    make("account-groups", name="Banks")
    more(at_account, "Add to group")
    pick(at_account, "Add to group", "Banks")
    expect(at_account.get_by_role("tabpanel")).to_contain_text("Banks")


def test_op_acc_10_delete(at_account, account):
    more(at_account, "Delete")
    agree(at_account, "Are you sure?")
    expect(at_account).not_to_have_url(re.compile(rf"/crm/accounts/{account.pk}/"))
    assert not registry.get("accounts").model.objects.filter(pk=account.pk).exists()


def test_op_acc_11_new_task(at_account, account, project):
    more(at_account, "New task")
    at_account.get_by_label("Subject").fill("Send the papers")
    choose(at_account, "Project", project.name)
    press(at_account, "Save")
    expect(at_account.get_by_role("main")).to_contain_text("Send the papers")
    at_account.goto(account.get_absolute_url())
    tab(at_account, "Projects & tickets")
    expect(shown(at_account, "Send the papers")).to_be_visible()


def test_op_acc_15_18_tabs(at_account, make, account, project):
    make("opportunities", name="Fjord deal", project=project.pk, account=account.pk)
    make("activities", subject="First call", category="call", account=account.pk)
    for name, text in (("Opportunities", "Fjord deal"), ("Sales activities", "First call"), ("Data", "Fjord AS")):
        tab(at_account, name)
        expect(at_account.get_by_role("tabpanel", name=name)).to_contain_text(text)
    for name in ("Relations", "Contracts", "Files", "History"):
        tab(at_account, name)
        expect(at_account.get_by_role("tabpanel", name=name)).to_be_visible()


def test_op_acc_18_activity_edit_and_delete(at_account, make, account):
    make("activities", subject="First call", category="call", account=account.pk)
    tab(at_account, "Sales activities")
    at_account.get_by_role("row", name="First call").hover()
    at_account.get_by_role("row", name="First call").get_by_role("link", name="Edit activity").click()
    at_account.get_by_label("Subject").fill("Second call")
    press(at_account, "Save")
    row = at_account.get_by_role("row", name="Second call")
    row.hover()
    press(row, "Delete activity")
    agree(at_account, "Are you sure?")
    expect(row).to_have_count(0)


def test_op_acc_24_primary_account_of_a_task(desk, make, account, project):
    other = make("accounts", organization="Second AS", type="account")
    task = make("tasks", subject="Visit", project=project.pk, accounts=[account.pk, other.pk])
    desk.goto(task.get_absolute_url())
    more(desk, "Make primary")
    pick(desk, "Make primary", "Second AS")
    expect(desk.get_by_role("tabpanel").get_by_role("link", name="Second AS")).to_have_count(2)


def test_op_acc_25_import_accounts(desk, tmp_path):
    file = tmp_path / "accounts.csv"
    file.write_text("Type;Organization;City\nAccount;Import One AS;Bergen\nAccount;Import Two AS;Oslo\n")
    desk.goto("/")
    press(desk, "Global menu")
    desk.get_by_role("menuitem", name="Import accounts").click()
    expect(title(desk)).to_contain_text("Import")
    desk.locator("input[type=file]").set_input_files(file)
    press(desk, "Continue")
    press(desk, "Try")
    expect(desk.get_by_role("main")).to_contain_text("2 new")
    press(desk, "Import")
    follow(desk, "Back to the list")
    expect(desk.get_by_role("row", name="Import Two AS")).to_have_count(1)


def test_op_acc_26_favourite_accounts(at_account, account):
    press(panel(at_account), "Add to my accounts")
    at_account.goto("/")
    press(at_account, "Global menu")
    at_account.get_by_role("menuitem", name="Favourite accounts").click()
    expect(at_account.get_by_role("row", name="Fjord AS")).to_have_count(1)


def test_op_acc_27_private_account(new_page, desk, seller):
    by = Actor(seller, ChangeSource.FORM)
    private = writes.create(
        registry.get("accounts"), {"organization": "Secret AS", "type": "account", "is_private": True}, by=by
    )
    owner = new_page(user=seller)
    owner.goto("/crm/accounts/data/")
    expect(owner.get_by_role("row", name="Secret AS")).to_have_count(1)
    desk.goto("/crm/accounts/data/")
    expect(desk.get_by_role("row", name="Secret AS")).to_have_count(0)
    assert desk.goto(private.get_absolute_url()).status == 404
    expect(dialog(desk, "Search")).to_have_count(0)
