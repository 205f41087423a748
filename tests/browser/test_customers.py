"""The operations on contacts, partners and campaigns (OP-CONT, OP-PART, OP-CAMP)."""

import re

import pytest
from playwright.sync_api import expect

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from tests.browser.hands import agree, choose, crm, dialog, follow, more, panel, press, tab, title

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def project(office):
    """Return a project."""
    return writes.create(registry.get("projects"), {"name": "North", "modules": ["crm"]}, by=SYSTEM)


@pytest.fixture
def opened(desk, make):
    """Open the page of a new record: `opened("partners", name="Svea")`."""

    def go(key, **values):
        record = make(key, **values)
        desk.goto(record.get_absolute_url())
        return record

    return go


@pytest.fixture
def contact(make, opened):
    """Open the page of a personal contact."""
    account = make("accounts", organization="Fjord AS", type="account")
    return opened("contacts", first_name="Per", last_name="Hansen", email="per@fjord.example", account=account.pk)


@pytest.fixture
def partner(opened):
    """Open the page of a partner."""
    return opened("partners", name="Svea Partner AB")


@pytest.fixture
def campaign(opened, project):
    """Open the page of a campaign."""
    return opened("campaigns", name="Spring", project=project.pk)


def test_op_cont_01_new_personal_contact_type(desk):
    crm(desk, "Personal contacts")
    follow(desk, "Personal contact types")
    follow(desk, "New personal contact type")
    desk.get_by_role("textbox", name="Name").fill("Lawyer")
    press(desk, "Save")
    expect(title(desk)).to_contain_text("Lawyer")


def test_op_cont_02_edit(desk, contact):
    follow(panel(desk), "Edit")
    desk.get_by_role("textbox", name="First name").fill("Petter")
    press(desk, "Update")
    expect(title(desk)).to_contain_text("Petter Hansen")


def test_op_cont_03_delete(desk, contact):
    more(desk, "Delete")
    agree(desk, "Are you sure?")
    expect(desk).not_to_have_url(re.compile(rf"/crm/contacts/{contact.pk}/"))
    assert not registry.get("contacts").model.objects.filter(pk=contact.pk).exists()


def test_op_cont_04_anonymize(desk, contact):
    more(desk, "Anonymize")
    press(desk.get_by_role("dialog"), "OK")
    expect(desk.get_by_role("tabpanel")).not_to_contain_text("per@fjord.example")


def test_op_cont_05_new_task(desk, contact, project):
    follow(panel(desk), "New task")
    desk.get_by_label("Subject").fill("Send a card")
    choose(desk, "Project", project.name)
    press(desk, "Save")
    expect(desk.get_by_role("main")).to_contain_text("Send a card")


def test_op_part_01_create(desk):
    crm(desk, "Partners")
    follow(desk, "New partner")
    desk.get_by_role("textbox", name="Name").fill("Nord Partner AS")
    press(desk, "Save")
    expect(title(desk)).to_contain_text("Nord Partner AS")


def test_op_part_02_edit_and_03_data(desk, partner):
    follow(panel(desk), "Edit")
    desk.get_by_role("textbox", name="Name").fill("Svea Partner Group")
    press(desk, "Update")
    expect(title(desk)).to_contain_text("Svea Partner Group")
    tab(desk, "Data")
    expect(desk.get_by_role("tabpanel", name="Data")).to_contain_text("Svea Partner Group")


def test_op_part_04_new_consultant(desk, partner):
    follow(panel(desk), "New consultant")
    desk.get_by_role("textbox", name="Last name").fill("Lind")
    press(desk, "Save")
    tab(desk, "Consultants")
    expect(desk.get_by_role("tabpanel", name="Consultants")).to_contain_text("Lind")


def test_op_part_05_new_lead(desk, partner, project):
    follow(panel(desk), "New lead")
    desk.get_by_role("textbox", name="Subject").fill("Ferry")
    choose(desk, "Project", project.name)
    press(desk, "Save")
    desk.goto(partner.get_absolute_url())
    tab(desk, "Leads")
    expect(desk.get_by_role("tabpanel", name="Leads")).to_contain_text("Ferry")


def test_op_part_06_new_opportunity_and_07_back(desk, partner, project):
    follow(panel(desk), "New opportunity")
    desk.get_by_role("textbox", name="Name").fill("Ferry deal")
    choose(desk, "Project", project.name)
    press(desk, "Save")
    desk.goto(partner.get_absolute_url())
    tab(desk, "Opportunities")
    expect(desk.get_by_role("tabpanel", name="Opportunities")).to_contain_text("Ferry deal")
    follow(desk.get_by_role("navigation", name="CRM"), "CRM")
    expect(title(desk)).to_have_text("CRM")


def test_op_part_08_activity(desk, partner):
    follow(panel(desk), "Add activity")
    desk.get_by_label("Category").select_option("Call")
    desk.get_by_label("Subject").fill("First call")
    press(desk, "Save")
    tab(desk, "Sales activities")
    desk.get_by_role("row", name="First call").hover()
    desk.get_by_role("row", name="First call").get_by_role("link", name="Edit activity").click()
    desk.get_by_label("Subject").fill("Second call")
    press(desk, "Save")
    row = desk.get_by_role("row", name="Second call")
    row.hover()
    press(row, "Delete activity")
    agree(desk, "Are you sure?")
    expect(row).to_have_count(0)


def test_op_part_09_delete(desk, partner):
    more(desk, "Delete")
    agree(desk, "Are you sure?")
    expect(desk).not_to_have_url(re.compile(rf"/crm/partners/{partner.pk}/"))
    assert not registry.get("partners").model.objects.filter(pk=partner.pk).exists()


def test_op_camp_01_create(desk, project):
    crm(desk, "Campaigns")
    follow(desk, "New campaign")
    desk.get_by_role("textbox", name="Name").fill("Autumn")
    choose(desk, "Project", project.name)
    press(desk, "Save")
    expect(title(desk)).to_contain_text("Autumn")


def test_op_camp_02_edit(desk, campaign):
    follow(panel(desk), "Edit")
    desk.get_by_role("textbox", name="Name").fill("Late spring")
    press(desk, "Update")
    expect(title(desk)).to_contain_text("Late spring")


def test_op_camp_04_archive_and_05_unarchive(desk, campaign):
    for button, status in (("Archive", "Archived"), ("Unarchive", "Active")):
        press(panel(desk), button)
        asked = dialog(desk, button)
        asked.get_by_label("status").select_option(status)
        press(asked, "Save")
        expect(title(desk)).to_contain_text(status)


def test_op_camp_06_open_leads_07_opportunities_08_disqualified_leads(desk, make, campaign, project):
    make("leads", subject="Boat", project=project.pk, campaign=campaign.pk)
    make("opportunities", name="Boat deal", project=project.pk, campaign=campaign.pk)
    names = {"Open leads": "Boat", "Opportunities": "Boat deal", "Disqualified leads": "No disqualified leads yet"}
    for name, text in names.items():
        tab(desk, name)
        expect(desk.get_by_role("tabpanel", name=name)).to_contain_text(text)
