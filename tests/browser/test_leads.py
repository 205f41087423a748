"""The operations on leads (OP-LEAD)."""

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


@pytest.fixture(scope="module")
def project(office):
    """Return a project."""
    return writes.create(registry.get("projects"), {"name": "North", "modules": ["crm"]}, by=SYSTEM)


@pytest.fixture
def lead(make, project):
    """Return a lead of a person in a company."""
    return make(
        "leads", subject="Boat", first_name="Anna", last_name="Berg", company="Nordlys AS", project=project.pk,
        email="anna@nordlys.example",
    )  # fmt: skip


@pytest.fixture
def at_lead(desk, lead):
    """Open the page of the lead."""
    desk.goto(lead.get_absolute_url())
    return desk


def test_op_lead_01_create(desk, project):
    crm(desk, "Leads")
    follow(desk, "New lead")
    desk.get_by_label("Subject").fill("Ferry")
    desk.get_by_role("textbox", name="Company").fill("Fjord Ferries AS")
    choose(desk, "Project", project.name)
    press(desk, "Save")
    expect(desk).to_have_url(re.compile(r"/crm/leads/\d+/$"))
    expect(title(desk)).to_contain_text("Ferry")


def test_op_lead_02_qualify(at_lead, lead):
    follow(panel(at_lead), "Qualify")
    at_lead.get_by_role("group", name="Opportunity").get_by_label("Name").fill("Boat deal")
    press(at_lead, "Save")
    expect(title(at_lead)).to_contain_text("Boat deal")
    content = at_lead.get_by_role("tabpanel")
    for name in ("Nordlys AS", "Anna Berg", lead.name):
        expect(content.get_by_role("link", name=name).first).to_be_visible()


def test_op_lead_03_disqualify(at_lead):
    press(panel(at_lead), "Disqualify")
    asked = dialog(at_lead, "Disqualify")
    asked.get_by_label("Status").select_option("No interest")
    asked.get_by_label("Disqualification reason").fill("Bought elsewhere")
    press(asked, "Save")
    expect(title(at_lead)).to_contain_text("No interest")
    expect(at_lead.get_by_role("tabpanel")).to_contain_text("Bought elsewhere")


def test_op_lead_04_edit(at_lead):
    follow(panel(at_lead), "Edit")
    at_lead.get_by_label("Subject").fill("Bigger boat")
    press(at_lead, "Update")
    expect(title(at_lead)).to_contain_text("Bigger boat")


def test_op_lead_05_add_an_activity(at_lead):
    follow(panel(at_lead), "Add activity")
    at_lead.get_by_label("Category").select_option("Call")
    at_lead.get_by_label("Subject").fill("First call")
    press(at_lead, "Save")
    expect(title(at_lead)).to_contain_text("Boat")
    tab(at_lead, "Sales activities")
    expect(at_lead.get_by_role("tabpanel")).to_contain_text("First call")


def test_op_lead_06_edit_an_activity(at_lead, make, lead):
    make("activities", subject="First call", category="call", lead=lead.pk)
    tab(at_lead, "Sales activities")
    row = at_lead.get_by_role("row", name="First call")
    row.hover()
    row.get_by_role("link", name="Edit activity").click()
    at_lead.get_by_label("Subject").fill("Second call")
    press(at_lead, "Save")
    expect(at_lead.get_by_role("row", name="Second call")).to_be_visible()


def test_op_lead_07_delete_an_activity(at_lead, make, lead):
    make("activities", subject="First call", category="call", lead=lead.pk)
    tab(at_lead, "Sales activities")
    row = at_lead.get_by_role("row", name="First call")
    row.hover()
    press(row, "Delete activity")
    agree(at_lead, "Are you sure?")
    expect(at_lead.get_by_role("tabpanel", name="Sales activities")).to_contain_text("Nothing to show")


def test_op_lead_08_add_to_an_account(at_lead, make):
    make("accounts", organization="Havn Invest AS", type="organization")
    press(panel(at_lead), "Add account")
    pick(at_lead, "Add account", "Havn Invest AS")
    expect(at_lead.get_by_role("tabpanel").get_by_role("link", name="Havn Invest AS").first).to_be_visible()


def test_op_lead_09_add_to_a_partner(at_lead, make):
    make("partners", name="Svea Partner AB")
    press(panel(at_lead), "Add partner")
    pick(at_lead, "Add partner", "Svea Partner AB")
    expect(at_lead.get_by_role("tabpanel").get_by_role("link", name="Svea Partner AB").first).to_be_visible()


def test_op_lead_10_archive_and_11_unarchive(at_lead):
    press(panel(at_lead), "Archive")
    press(panel(at_lead), "Unarchive")
    expect(panel(at_lead).get_by_role("button", name="Archive", exact=True)).to_be_visible()


def test_op_lead_12_anonymize(at_lead):
    more(at_lead, "Anonymize")
    agree(at_lead, "Are you sure that you want to delete the contact's personal information?")
    expect(at_lead.get_by_role("tabpanel")).not_to_contain_text("anna@nordlys.example")
    expect(at_lead.get_by_role("tabpanel")).not_to_contain_text("Berg")


def test_op_lead_13_splitter(desk, lead, make_user, run_jobs):
    seller = make_user("representative", last_name="Receiver")
    crm(desk, "Leads")
    follow(desk, "Lead splitter filters")
    expect(title(desk)).to_have_text("Lead splitter filters")
    follow(desk, "New")
    desk.get_by_role("textbox", name="Name").fill("Nordlys")
    enter_condition(desk, "Company", "is", "Nordlys AS")
    expect(desk.get_by_role("group", name="Conditions")).to_contain_text("Company is Nordlys AS")
    desk.get_by_label("User or partner 1").select_option(str(seller))
    desk.get_by_label("Percent 1").fill("100")
    press(desk, "Save")
    press(desk, "Execute")
    run_jobs()
    desk.goto(lead.get_absolute_url())
    expect(desk.get_by_role("tabpanel").get_by_role("link", name=str(seller)).first).to_be_visible()
    crm(desk, "Leads")
    follow(desk, "Lead splitter filters")
    follow(desk, "Unprocessed leads")
    expect(desk.get_by_role("row", name=lead.name)).to_have_count(0)


def test_op_lead_14_take_from_the_free_pool(new_page, seller, lead):
    writes.update_system_fields(lead, by=SYSTEM, awaits_split=False)
    page = new_page(user=seller)
    crm(page, "Leads")
    follow(page, "Free pool")
    page.get_by_role("table", name="Leads").get_by_role("link", name=lead.name).first.click()
    press(panel(page), "Take")
    expect(page.get_by_role("tabpanel").get_by_role("link", name=str(seller)).first).to_be_visible()
    expect(panel(page).get_by_role("button", name="Return to the pool")).to_be_visible()
