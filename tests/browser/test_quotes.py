"""The operations on quotes and the sale (OP-OPP-06…15, 25…27)."""

import io
import re

import pytest
from docx import Document
from playwright.sync_api import expect

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.entities.quotes.tests import factories
from tests.browser.hands import agree, dialog, follow, panel, press, title

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def store(office):
    """Return a project with a price book of two versions, products and a bundle."""
    scene = factories.shop()
    versions = [factories.make("product-versions", name=name).pk for name in ("Version 1", "Version 2")]
    scene.book = writes.change(scene.book, {"product_versions": versions}, by=SYSTEM)
    scene.version = versions[0]
    return scene


@pytest.fixture
def deal(store, make):
    """Return an opportunity in the store's project."""
    store.opportunity = make(
        "opportunities", name="Fjord deal", project=store.project.pk, account=store.account.pk
    )  # fmt: skip
    return store.opportunity


@pytest.fixture
def offer(store, deal):
    """Return a quote with one item of each kind."""
    return quoted(store, name="Offer")


def quoted(store, **values):
    """Make a quote in the store, for its first version."""
    return factories.quote(store, product_version=store.version, **values)


@pytest.fixture
def at_deal(desk, deal):
    """Open the page of the opportunity."""
    desk.goto(deal.get_absolute_url())
    return desk


@pytest.fixture
def at_offer(desk, deal, offer):
    """Open the page of the opportunity with the quote's items shown."""
    desk.goto(f"{deal.get_absolute_url()}?items={offer.pk}")
    return desk


def from_menu(page, number, name):
    """Choose an entry of the menu that a right click on a quote opens."""
    page.get_by_role("row", name=number).click(button="right")
    page.get_by_role("menuitem", name=name, exact=True).click()


def items(page, name="Offer"):
    """Return the items table of a quote."""
    return page.get_by_role("region", name=name, exact=True)


def item(page, name):
    """Return the row of an item, by its name."""
    return page.get_by_role("row", name=name)


def test_op_opp_06_new_quote(at_deal):
    follow(panel(at_deal), "New quote")
    at_deal.get_by_role("radio", name="Version 2").check()
    at_deal.get_by_role("textbox", name="Name").fill("First offer")
    press(at_deal, "Create a quote")
    at_deal.get_by_role("checkbox", name="CRM licence").check()
    press(at_deal, "Next")
    press(at_deal, "Back")
    at_deal.get_by_role("checkbox", name="Starter").check()
    press(at_deal, "Next")
    expect(item(at_deal, "Starter")).to_contain_text("€999.99")
    press(at_deal, "Submit")
    expect(items(at_deal, "First offer").get_by_role("textbox", name="Name")).to_have_count(2)


def test_op_opp_07_show_and_hide_items(at_deal, offer):
    at_deal.reload()
    from_menu(at_deal, offer.number, "Show items")
    expect(items(at_deal)).to_be_visible()
    from_menu(at_deal, offer.number, "Hide")
    expect(items(at_deal)).to_have_count(0)


def test_op_opp_08_add_items(at_offer, offer):
    from_menu(at_offer, offer.number, "Add item")
    at_offer.get_by_role("checkbox", name="Starter").check()
    press(at_offer, "Next")
    press(at_offer, "Submit")
    expect(items(at_offer).get_by_role("textbox", name="Name")).to_have_count(5)


def test_op_opp_09_generate(at_offer, offer):
    from_menu(at_offer, offer.number, "Generate quote")
    press(dialog(at_offer, "Generate quote"), "Generate quote")
    attached = at_offer.get_by_role("group", name="Attachments").get_by_role("link")
    with at_offer.expect_download() as download:
        attached.first.click()
    made = Document(io.BytesIO(download.value.path().read_bytes()))
    assert "CRM licence" in "\n".join(cell.text for table in made.tables for row in table.rows for cell in row.cells)


def test_op_opp_10_active_quote(at_deal, store, offer):
    other = quoted(store, name="Other offer")
    at_deal.reload()
    quotes = at_deal.get_by_role("region", name="Quotes")
    inactive = offer if other.is_active else other
    from_menu(at_deal, inactive.number, "Make active")
    expect(quotes.get_by_role("row", name=inactive.number)).to_contain_text("Active")
    assert registry.get("quotes").model.objects.get(pk=inactive.pk).is_active


def test_op_opp_11_currency(at_deal, store, make):
    offer = quoted(store, items=[{"product": store.setup.pk, "amount": 2}], name="Offer")
    at_deal.reload()
    from_menu(at_deal, offer.number, "Currency")
    asked = dialog(at_deal, "Currency")
    asked.get_by_role("combobox", name="Currency").select_option("NOK")
    press(asked, "Save")
    expect(at_deal.get_by_role("row", name=offer.number)).to_contain_text("NOK")
    assert registry.get("quotes").model.objects.get(pk=offer.pk).value == 2600


def test_op_opp_12_edit_a_quote(at_offer, offer):
    from_menu(at_offer, offer.number, "Edit")
    at_offer.get_by_role("textbox", name="Name").fill("Better offer")
    press(at_offer, "Save")
    at_offer.get_by_role("checkbox", name="Starter").check()
    press(at_offer, "Next")
    press(at_offer, "Submit")
    expect(at_offer.get_by_role("row", name=offer.number)).to_contain_text("Better offer")


def test_op_opp_13_duplicate(at_offer, deal, offer):
    from_menu(at_offer, offer.number, "Duplicate")
    expect(at_offer.get_by_role("region", name="Quotes").get_by_role("row")).to_have_count(3)


def test_op_opp_14_delete(at_deal, store, offer):
    other = quoted(store, name="Other offer")
    inactive, active = (offer, other) if other.is_active else (other, offer)
    at_deal.reload()
    at_deal.get_by_role("row", name=active.number).click(button="right")
    expect(at_deal.get_by_role("menuitem", name="Duplicate")).to_be_visible()
    expect(at_deal.get_by_role("menuitem", name="Delete", exact=True)).to_have_count(0)
    at_deal.keyboard.press("Escape")
    from_menu(at_deal, inactive.number, "Delete")
    press(at_deal.get_by_role("dialog"), "OK")
    expect(at_deal.get_by_role("row", name=inactive.number)).to_have_count(0)


def test_op_opp_15_items_table(at_offer, offer):
    row = item(at_offer, "Set-up")
    row.get_by_role("textbox", name="Quantity").fill("4")
    row.get_by_role("combobox", name="Unit").select_option("Day")
    row.get_by_role("textbox", name="Name").fill("Installation")
    row = item(at_offer, "Installation")
    row.get_by_role("textbox", name="Unit price").fill("100")
    row.get_by_role("textbox", name="Discount").fill("50")
    expect(row.get_by_role("textbox", name="Total")).to_have_value("200.00")
    item(at_offer, "Travel").get_by_role("button", name="Delete item").click()
    press(items(at_offer), "Add rounding item")
    press(items(at_offer), "Save")
    expect(item(at_offer, "Travel")).to_have_count(0)
    expect(item(at_offer, "Installation").get_by_role("textbox", name="Total")).to_have_value("200.00")
    expect(item(at_offer, "Rounding")).to_be_visible()
    item(at_offer, "Installation").get_by_role("textbox", name="Quantity").fill("9")
    at_offer.on("dialog", lambda asked: asked.accept())
    follow(items(at_offer), "Cancel")
    expect(item(at_offer, "Installation").get_by_role("textbox", name="Quantity")).to_have_value("4")


def test_rows_on_their_way_are_saved_and_what_is_typed_meanwhile_stays(at_offer):
    """QUOTE-3: Save waits for the rows that the server has still to give."""
    press(items(at_offer), "Add section")
    press(items(at_offer), "Add rounding item")
    item(at_offer, "Set-up").get_by_role("textbox", name="Name").fill("Installation")
    press(items(at_offer), "Save")
    for name in ("Installation", "Section", "Rounding"):
        expect(item(at_offer, name)).to_be_visible()
    expect(items(at_offer).get_by_role("button", name="Add rounding item")).to_have_count(0)


def test_op_opp_25_sold_26_unlock_27_remove_a_contract(at_offer, deal):
    follow(panel(at_offer), "Sold")
    press(at_offer, "Confirm deal and order service")
    contracts = at_offer.get_by_role("group", name="Contracts")
    expect(contracts).to_contain_text("CRM licence")
    expect(at_offer.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    before = contracts.get_by_role("row").count()
    press(panel(at_offer), "Unlock")
    contracts.get_by_role("row", name="Travel").get_by_role("button", name="Remove contract").click()
    agree(at_offer, "Are you sure?")
    expect(contracts.get_by_role("row")).to_have_count(before - 1)
    expect(title(at_offer)).to_have_text(re.compile("Fjord deal"))
