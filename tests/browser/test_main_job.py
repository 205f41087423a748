"""The main job from the posted lead to the contracts, as the seller and as the partner (README, “The main job”)."""

import io
import json
import re
from typing import Any
from urllib.request import Request, urlopen

import pytest
from docx import Document
from playwright.sync_api import expect

from kanal.entities.quotes.tests.factories import shop
from tests.browser.hands import crm, dialog, follow, panel, press, tab, title

pytestmark = pytest.mark.browser
LEADS = [
    {"first_name": "Anna", "last_name": "Berg", "email": "anna@nordlys.example", "company": "Nordlys AS",
     "country": "NO", "phone": "+47 21 00 00 01"},
    {"first_name": "Bo", "last_name": "Ek", "email": "bo@ek.example", "company": "Ek AB", "country": "SE"},
]  # fmt: skip


@pytest.fixture
def place(make, make_user):
    """Return a shop, a seller who gets the leads from Norway, and a partner who gets those from Sweden."""
    store = shop()
    version = make("product-versions", name="Version 2")
    store.book = _change(store.book, product_versions=[version.pk])
    store.seller = make_user("representative", first_name="Sigrid", last_name="Seller")
    store.partner = make("partners", name="Svea Partner AB")
    store.external = make_user("partner", user_type="partner", partner=store.partner.pk, last_name="Partner")
    for country, share in (("NO", {"user": store.seller.pk}), ("SE", {"partner": store.partner.pk})):
        conditions = {"field": "country", "op": "is", "values": [country]}
        make("splitter-filters", name=country, conditions=conditions, shares=[{**share, "percent": 100}])
    store.source = make("intake-sources", name="Web site", default_project=store.project.pk)
    return store


def _change(record: Any, **values: Any) -> Any:
    from kanal.core import writes
    from kanal.core.actor import SYSTEM

    return writes.change(record, values, by=SYSTEM)


def post(office: str, source: Any, data: Any) -> int:
    """Post leads as a marketing tool does; return the status of the answer."""
    body = json.dumps(data).encode()
    request = Request(f"{office}/api/v1/intake/{source.key}", body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=30) as answer:
        return answer.status


def test_main_job(office, place, new_page, run_jobs, picture):
    """From the intake to the contracts; each step is an operation of its own elsewhere."""
    assert post(office, place.source, LEADS) == 202
    run_jobs()
    seller = new_page(user=place.seller)
    work_on_the_lead(seller, picture)
    qualify(seller, picture)
    quote(seller, picture)
    document(seller, picture)
    sell(seller, picture)
    partner = new_page(user=place.external)
    see_own_leads_alone(partner, picture)


def work_on_the_lead(page, picture):
    """Find the lead that the splitter gave, and note a call."""
    crm(page, "Leads")
    picture(page, "leads")
    page.get_by_role("link", name="Data", exact=True).click()
    expect(page.get_by_role("row", name="Ek AB")).to_have_count(0)
    page.get_by_role("table", name="Leads").get_by_role("link", name="Nordlys AS").first.click()
    expect(title(page)).to_contain_text("Nordlys")
    picture(page, "lead")
    follow(panel(page), "Add activity")
    page.get_by_label("Category").select_option("Call")
    page.get_by_label("Subject").fill("First call")
    picture(page, "activity")
    press(page, "Save")
    tab(page, "Sales activities")
    expect(page.get_by_role("tabpanel")).to_contain_text("First call")
    picture(page, "activities")


def qualify(page, picture):
    """Make opportunity, account and contact of it."""
    follow(panel(page), "Qualify")
    page.get_by_role("group", name="Opportunity").get_by_label("Name").fill("Nordlys: channel sales")
    picture(page, "qualify")
    press(page, "Save")
    expect(page).to_have_url(re.compile(r"/crm/opportunities/\d+/"))
    expect(title(page)).to_contain_text("Nordlys: channel sales")
    picture(page, "opportunity")


def quote(page, picture):
    """Make a quote of a product and a bundle, with a discount and a rounding item."""
    follow(panel(page), "New quote")
    page.get_by_role("radio", name="Version 2").check()
    page.get_by_label("Currency").select_option("EUR")  # a Norwegian customer is quoted in NOK unless asked
    picture(page, "new-quote")
    press(page, "Create a quote")
    page.get_by_role("checkbox", name="CRM licence").check()
    page.get_by_role("textbox", name="Amount of CRM licence").fill("12")
    page.get_by_role("checkbox", name="Starter").check()
    picture(page, "choose")
    press(page, "Next")
    expect(page.get_by_role("row", name="CRM licence")).to_contain_text("€180.00")
    picture(page, "review")
    press(page, "Submit")
    licence = page.get_by_role("row", name="CRM licence")
    licence.get_by_role("textbox", name="Discount").fill("10")
    press(page, "Add rounding item")
    page.get_by_role("textbox", name="Rounded to").fill("10")
    picture(page, "items")
    press(page, "Save")
    expect(page.get_by_role("row", name="CRM licence").get_by_role("textbox", name="Total")).to_have_value("162.00")
    picture(page, "opportunity-with-quote")


def document(page, picture):
    """Generate the quote's document, and read it."""
    page.get_by_role("row", name="Q-").click(button="right")
    page.get_by_role("menuitem", name="Generate quote").click()
    picture(page, "generate")
    press(dialog(page, "Generate quote"), "Generate quote")
    attached = page.get_by_role("group", name="Attachments").get_by_role("link").first
    with page.expect_download() as download:
        attached.click()
    made = Document(io.BytesIO(download.value.path().read_bytes()))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])
    assert all(part in text for part in ("CRM licence", "Starter", "Nordlys AS"))
    picture(page, "attachments")


def sell(page, picture):
    """Confirm the deal; the contracts stand on the opportunity and on the account."""
    follow(panel(page), "Sold")
    picture(page, "sold")
    press(page, "Confirm deal and order service")
    expect(panel(page).get_by_role("button", name="Unlock")).to_be_visible()
    contracts = page.get_by_role("group", name="Contracts")
    expect(contracts.get_by_role("row")).to_have_count(4)
    picture(page, "contracts")
    page.get_by_role("tabpanel").get_by_role("link", name="Nordlys AS").first.click()
    tab(page, "Contracts")
    expect(page.get_by_role("tabpanel").get_by_role("link", name="CRM licence").first).to_be_visible()
    picture(page, "account")


def see_own_leads_alone(page, picture):
    """See the partner's lead and none of the seller's."""
    page.goto("/crm/leads/data/")
    expect(page.get_by_role("row", name="Ek AB")).to_have_count(1)
    expect(page.get_by_role("row", name="Nordlys")).to_have_count(0)
    picture(page, "leads-of-the-partner")
    page.get_by_role("table", name="Leads").get_by_role("link", name="Ek AB").first.click()
    expect(panel(page).get_by_role("link", name="Qualify")).to_be_visible()
    page.goto("/crm/accounts/data/")
    expect(page.get_by_role("row", name="Nordlys")).to_have_count(0)
    picture(page, "accounts-of-the-partner")
