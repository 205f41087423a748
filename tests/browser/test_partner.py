"""A partner's main job in the browser: accept the assigned lead, log, qualify, quote, generate (PART-5, PART-1a)."""

import io
import re

import pytest
from docx import Document
from playwright.sync_api import expect

from kanal.core import writes
from kanal.core.actor import SYSTEM
from kanal.entities.quotes.tests.factories import shop
from tests.browser.hands import crm, dialog, follow, panel, press, tab, title

pytestmark = pytest.mark.browser


@pytest.fixture
def place(make, make_user):
    """Return a shop whose book is open to partners, and a partner's user with a lead."""
    store = shop()
    version = make("product-versions", name="Version 7")
    opened = {"open_to_partners": True, "product_versions": [version.pk]}
    store.book = writes.change(store.book, opened, by=SYSTEM)
    store.licence = writes.change(store.licence, {"cost": {"amount": "7.77", "currency": "EUR"}}, by=SYSTEM)
    store.partner = make("partners", name="Fjord Partner AS")
    store.external = make_user("partner", user_type="partner", partner=store.partner.pk, last_name="Berg")
    person = {"first_name": "Ola", "last_name": "Nordmann", "email": "ola@havn.example"}
    make("leads", company="Havn AS", **person, project=store.project.pk, partner=store.partner.pk)
    return store


def test_op_partner_main_job(place, new_page, picture):
    """OP-LEAD-05, OP-LEAD-02, OP-OPP-06, OP-OPP-09 as the seeded partner user."""
    page = new_page(user=place.external)
    log_a_call(page, picture)
    qualify(page, picture)
    quote(page, picture)
    generate(page, picture)
    page.goto(f"/pricing/products/{place.licence.pk}/")
    expect(title(page)).to_contain_text("CRM licence")
    expect(page.get_by_text("7.77")).to_have_count(0)
    expect(page.get_by_text("Minimum margin")).to_have_count(0)


def log_a_call(page, picture):
    """Open the assigned lead, which has no tabs of what is decided inside, and note a call."""
    crm(page, "Leads")
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("table", name="Leads").get_by_role("link", name="Havn AS").first.click()
    expect(title(page)).to_contain_text("Havn AS")
    for name in ("Splitter", "Intake"):
        expect(page.get_by_role("tab", name=name)).to_have_count(0)
    picture(page, "lead")
    follow(panel(page), "Add activity")
    page.get_by_label("Category").select_option("Call")
    page.get_by_label("Subject").fill("First call")
    press(page, "Save")
    tab(page, "Sales activities")
    expect(page.get_by_role("tabpanel")).to_contain_text("First call")


def qualify(page, picture):
    """Make opportunity, account and contact of the lead; the project is filled in."""
    follow(panel(page), "Qualify")
    picture(page, "qualify")
    press(page, "Save")
    expect(page).to_have_url(re.compile(r"/crm/opportunities/\d+/"))
    picture(page, "opportunity")


def quote(page, picture):
    """Make a quote from the book that is open to partners."""
    follow(panel(page), "New quote")
    page.get_by_role("radio", name="Version 7").check()
    picture(page, "new-quote")
    press(page, "Create a quote")
    page.get_by_role("checkbox", name="CRM licence").check()
    press(page, "Next")
    press(page, "Submit")
    expect(page.get_by_role("row", name="CRM licence")).to_have_count(1)
    picture(page, "quote")


def generate(page, picture):
    """Generate the document; it is among the attachments and opens."""
    page.get_by_role("row", name="Q-").click(button="right")
    page.get_by_role("menuitem", name="Generate quote").click()
    press(dialog(page, "Generate quote"), "Generate quote")
    attached = page.get_by_role("group", name="Attachments").get_by_role("link").first
    with page.expect_download() as download:
        attached.click()
    made = Document(io.BytesIO(download.value.path().read_bytes()))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert any("CRM licence" in text for text in cells)
    picture(page, "attachments")


def test_internal_file(make, make_user, new_page, desk):
    """ACC-8: a file that is attached as internal is marked, and the partner does not see it."""
    partner, project = make("partners", name="Files Partner AS"), make("projects", name="Files", modules=["crm"])
    outside = make_user("partner", user_type="partner", partner=partner.pk, last_name="Files")
    lead = make("leads", company="Arkiv AS", project=project.pk, partner=partner.pk)
    desk.goto(f"/crm/leads/{lead.pk}/?tab=files")
    for name, is_internal in (("offer.txt", False), ("calculation.txt", True)):
        desk.get_by_role("checkbox", name="Internal: not for partner users").set_checked(is_internal)
        file = {"name": name, "mimeType": "text/plain", "buffer": b"7"}
        desk.get_by_label("Drop files here or choose them").set_input_files(files=[file])
        row = desk.get_by_role("listitem").filter(has_text=name)
        expect(row.get_by_text("Internal", exact=True)).to_have_count(int(is_internal))
    page = new_page(user=outside)
    page.goto(f"/crm/leads/{lead.pk}/?tab=files")
    expect(page.get_by_role("link", name="offer.txt")).to_be_visible()
    expect(page.get_by_role("link", name="calculation.txt")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="Internal: not for partner users")).to_have_count(0)
