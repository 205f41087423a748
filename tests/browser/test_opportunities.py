"""The operations on opportunities beside quotes and the sale (OP-OPP)."""

import re

import pytest
from playwright.sync_api import expect

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from tests.browser.hands import (
    agree,
    choose,
    crm,
    dialog,
    enter_condition,
    follow,
    more,
    panel,
    pick,
    press,
    tab,
    title,
)

pytestmark = pytest.mark.browser
GONE = "Are you sure that you want to delete the selected opportunity? You will not be able to restore it."


@pytest.fixture(scope="module")
def project(office):
    """Return a project."""
    return writes.create(registry.get("projects"), {"name": "North", "modules": ["crm"]}, by=SYSTEM)


@pytest.fixture(scope="module")
def account(office):
    """Return an account."""
    return writes.create(registry.get("accounts"), {"organization": "Fjord AS", "type": "account"}, by=SYSTEM)


@pytest.fixture
def deal(make, project, account):
    """Return an opportunity."""
    return make("opportunities", name="Fjord deal", project=project.pk, account=account.pk)


@pytest.fixture
def at_deal(desk, deal):
    """Open the page of the opportunity."""
    desk.goto(deal.get_absolute_url())
    return desk


def test_op_opp_01_create(desk, project, account):
    crm(desk, "Opportunities")
    follow(desk, "New opportunity")
    desk.get_by_role("textbox", name="Name").fill("Ferries")
    choose(desk, "Project", project.name)
    choose(desk, "Account", str(account))
    press(desk, "Save")
    expect(desk).to_have_url(re.compile(r"/crm/opportunities/\d+/$"))
    expect(title(desk)).to_contain_text("Ferries")


def test_op_opp_02_edit(at_deal):
    follow(panel(at_deal), "Edit")
    at_deal.get_by_role("textbox", name="Name").fill("Fjord deal II")
    press(at_deal, "Save")
    expect(title(at_deal)).to_contain_text("Fjord deal II")


def test_op_opp_03_add_an_activity(at_deal):
    follow(panel(at_deal), "Add activity")
    at_deal.get_by_label("Category").select_option("Call")
    at_deal.get_by_label("Subject").fill("Price talk")
    press(at_deal, "Save")
    tab(at_deal, "Sales activities")
    expect(at_deal.get_by_role("row", name="Price talk")).to_be_visible()


def test_op_opp_04_edit_and_05_delete_an_activity(at_deal, make, deal):
    make("activities", subject="Price talk", category="call", opportunity=deal.pk)
    tab(at_deal, "Sales activities")
    at_deal.get_by_role("row", name="Price talk").hover()
    at_deal.get_by_role("row", name="Price talk").get_by_role("link", name="Edit activity").click()
    at_deal.get_by_label("Subject").fill("Second talk")
    press(at_deal, "Save")
    row = at_deal.get_by_role("row", name="Second talk")
    row.hover()
    press(row, "Delete activity")
    agree(at_deal, "Are you sure?")
    expect(row).to_have_count(0)


def test_op_opp_16_move(at_deal, make):
    other = make("projects", name="South", modules=["crm"])
    more(at_deal, "Move")
    expect(title(at_deal)).to_have_text("Bulk edit selected opportunities")
    choose(at_deal, "Project", other.name)
    press(at_deal, "Move and follow")
    expect(title(at_deal)).to_contain_text("Fjord deal")
    expect(at_deal.get_by_role("tabpanel").get_by_role("link", name="South").first).to_be_visible()


def test_op_opp_17_delete(at_deal, deal):
    more(at_deal, "Delete")
    agree(at_deal, GONE)
    expect(at_deal).not_to_have_url(re.compile(rf"/crm/opportunities/{deal.pk}/"))
    assert not registry.get("opportunities").model.objects.filter(pk=deal.pk).exists()


def test_op_opp_18_related_task(at_deal, make, project):
    make("tasks", subject="Prepare a demonstration", project=project.pk)
    more(at_deal, "Add related tasks")
    pick(at_deal, "Add related tasks", "Prepare a demonstration", "Assign task")
    expect(at_deal.get_by_role("tabpanel").get_by_role("link", name="Prepare a demonstration").first).to_be_visible()


def test_op_opp_19_new_related_task(at_deal, project):
    more(at_deal, "Add related tasks")
    follow(dialog(at_deal, "Add related tasks"), "New task")
    at_deal.get_by_label("Subject").fill("Call the lawyers")
    if not at_deal.get_by_role("combobox", name="Project", exact=True).input_value():
        choose(at_deal, "Project", project.name)
    press(at_deal, "Save")
    expect(at_deal.get_by_role("tabpanel").get_by_role("link", name="Call the lawyers").first).to_be_visible()


def test_op_opp_20_related_account(at_deal, make):
    make("accounts", organization="Bank Invest AS", type="organization")
    more(at_deal, "Add related account")
    pick(at_deal, "Add related account", "Bank Invest AS", "Assign account")
    expect(at_deal.get_by_role("tabpanel").get_by_role("link", name="Bank Invest AS").first).to_be_visible()


def test_op_opp_21_new_related_account(at_deal):
    more(at_deal, "Add related account")
    follow(dialog(at_deal, "Add related account"), "New account")
    follow(at_deal.get_by_role("main"), "Organization")
    at_deal.get_by_role("textbox", name="Organization").fill("Strand AS")
    press(at_deal, "Save")
    expect(at_deal.get_by_role("tabpanel").get_by_role("link", name="Strand AS").first).to_be_visible()


def test_op_opp_22_copy(at_deal):
    more(at_deal, "Copy")
    asked = dialog(at_deal, "Copy")
    asked.get_by_role("textbox", name="Name").fill("Fjord deal again")
    press(asked, "Save")
    expect(title(at_deal)).to_contain_text("Fjord deal again")


def test_op_opp_23_business_role(at_deal, make, account):
    make("contacts", first_name="Per", last_name="Hansen", account=account.pk)
    more(at_deal, "Add business role")
    asked = dialog(at_deal, "Add business role")
    choose(asked, "Personal contact", "Per Hansen")
    asked.get_by_label("Description").fill("Signs the contract")
    press(asked, "Save")
    tab(at_deal, "Business roles")
    expect(at_deal.get_by_role("tabpanel", name="Business roles")).to_contain_text("Per Hansen")


def test_op_opp_24_partner(at_deal, make):
    make("partners", name="Svea Partner AB")
    more(at_deal, "Assign to partner")
    pick(at_deal, "Assign to partner", "Svea Partner AB")
    expect(at_deal.get_by_role("tabpanel").get_by_role("link", name="Svea Partner AB").first).to_be_visible()


def test_op_opp_28_kanban(desk, make, project, account):
    for name in ("Mouse deal", "Keyboard deal"):
        make("opportunities", name=name, project=project.pk, account=account.pk)
    crm(desk, "Opportunities")
    follow(desk, "Kanban")
    progress = desk.get_by_role("list", name="In progress")
    expect(progress).to_contain_class("draggable")
    card = desk.get_by_role("listitem").filter(has_text="Mouse deal")
    with desk.expect_response(re.compile("/kanban/move")):
        card.drag_to(progress)
    expect(progress).to_contain_text("Mouse deal")
    with desk.expect_response(re.compile("/kanban/move")):
        press(desk, "Undo")
    expect(progress).not_to_contain_text("Mouse deal")
    with desk.expect_response(re.compile("/kanban/move")):
        card.drag_to(progress)
    card = desk.get_by_role("listitem").filter(has_text="Keyboard deal")
    card.focus()
    card.press("Space")
    card.press("ArrowRight")
    with desk.expect_response(re.compile("/kanban/move")):
        card.press("Space")
    expect(progress).to_contain_text("Keyboard deal")
    desk.reload()
    expect(progress).to_contain_text("Mouse deal")
    expect(progress).to_contain_text("Keyboard deal")


def test_op_opp_29_saved_filters(desk, make, project, account):
    for name in ("Large deal", "Small deal"):
        make("opportunities", name=name, project=project.pk, account=account.pk)
    desk.goto("/crm/opportunities/data/")
    follow(desk, "Administration of saved filters")
    expect(title(desk)).to_have_text("Administration of saved filters")
    follow(desk, "New")
    desk.get_by_role("textbox", name="Name").fill("Large ones")
    enter_condition(desk, "Name", "contains", "Large")
    expect(desk.get_by_role("group", name="Conditions")).to_contain_text("Name contains Large")
    press(desk, "Save")
    desk.goto("/crm/opportunities/data/")
    follow(desk.get_by_role("group", name="Saved filters"), "Large ones")
    expect(desk.get_by_role("row", name="Large deal")).to_be_visible()
    expect(desk.get_by_role("row", name="Small deal")).to_have_count(0)
    follow(desk, "Administration of saved filters")
    follow(desk, "Edit Large ones")
    enter_condition(desk, "Name", "does not contain", "Small")
    choose(desk, "Default for roles", "Sales representative")
    press(desk, "Save")
    follow(desk, "Uses and mail Large ones")
    expect(desk.get_by_role("group", name="Conditions")).to_contain_text("Name does not contain Small")
    expect(desk.get_by_text("Default for roles: Sales representative")).to_be_visible()
    press(desk, "Mail it to me")
    expect(desk.get_by_text("Next mail:")).to_be_visible()
    desk.goto("/crm/opportunities/data/?filter=name:contains(Small)")
    follow(desk, "Save view")
    dialog(desk, "Save view").get_by_role("textbox", name="Name").fill("Small ones")
    press(dialog(desk, "Save view"), "Save")
    tags = desk.get_by_role("group", name="Saved filters")
    expect(tags.get_by_role("link", name="Small ones")).to_have_attribute("aria-current", "true")
    expect(desk.get_by_role("link", name="Save view")).to_have_count(0)
    follow(tags, "Small ones")
    expect(tags.get_by_role("link", name="Small ones")).not_to_have_attribute("aria-current", "true")
    follow(desk, "Administration of saved filters")
    follow(desk, "Delete Small ones")
    agree(desk, "Are you sure?")
    expect(desk.get_by_role("link", name="Small ones")).to_have_count(0)
