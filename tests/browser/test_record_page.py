"""The bar of statuses by mouse and keyboard, and what a change brings up to date at once (DET-1, DET-3a)."""

import pytest
from playwright.sync_api import expect

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from tests.browser.hands import dialog, panel, press

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def project(office):
    """Return a project."""
    return writes.create(registry.get("projects"), {"name": "South", "modules": ["crm"]}, by=SYSTEM)


@pytest.fixture
def deal(make, project):
    """Return an opportunity of an account."""
    account = make("accounts", organization="Havn AS", type="account")
    value = {"amount": "1000", "currency": "EUR"}
    return make("opportunities", name="Crane", project=project.pk, account=account.pk, value=value)


def bar_of(page):
    """Return the bar of statuses."""
    return page.get_by_role("list", name="Status")


def current(page):
    """Return the current step."""
    return bar_of(page).locator("[aria-current=step]")


def test_a_step_moves_the_deal_and_the_head_follows(desk, deal):
    desk.goto(deal.get_absolute_url())
    expect(current(desk)).to_have_text("New")
    figure = desk.locator("#record-figures").get_by_text("Probability").locator("xpath=following-sibling::dd")
    before = figure.inner_text()
    press(bar_of(desk), "Negotiation")
    expect(current(desk)).to_have_text("Negotiation")
    expect(figure).not_to_have_text(before)
    expect(desk.locator("#record-facts [data-field=status]")).to_contain_text("Negotiation")
    expect(desk.locator("#timeline")).to_contain_text("Negotiation")
    desk.get_by_role("button", name="Undo").click()
    expect(current(desk)).to_have_text("New")
    deal.refresh_from_db()
    assert deal.status.key == "new"


def test_the_bar_is_used_by_keyboard(desk, deal):
    desk.goto(deal.get_absolute_url())
    bar_of(desk).get_by_role("button", name="In progress").focus()
    desk.keyboard.press("Enter")
    expect(current(desk)).to_have_text("In progress")
    expect(current(desk)).to_be_focused()


def test_lost_asks_why_and_springs_back(desk, deal):
    desk.goto(deal.get_absolute_url())
    press(bar_of(desk), "Lost")
    expect(dialog(desk, "Lost")).to_contain_text("Loss reason")
    expect(current(desk)).to_have_text("New")
    desk.keyboard.press("Escape")
    expect(bar_of(desk).get_by_role("button", name="Lost")).to_be_focused()
    press(bar_of(desk), "Lost")
    dialog(desk, "Lost").get_by_label("Loss reason").select_option(index=1)
    press(dialog(desk, "Lost"), "Save")
    expect(current(desk)).to_have_text("Lost")
    expect(panel(desk)).to_be_visible()


def test_won_leads_to_the_page_sold(desk, deal):
    desk.goto(deal.get_absolute_url())
    press(bar_of(desk), "Won")
    desk.wait_for_url("**/sold?status=won")


def test_a_field_changed_in_place_changes_the_head(desk, deal):
    desk.goto(deal.get_absolute_url())
    cell = desk.locator("#record-facts [data-field=value]")
    cell.hover()
    cell.get_by_role("button", name="Edit “Value”").click()
    cell.get_by_role("textbox").first.fill("2500")
    desk.keyboard.press("Enter")
    expect(desk.locator("#record-figures")).to_contain_text("€2,500")


def test_empty_fields_unfold(desk, deal):
    desk.goto(deal.get_absolute_url())
    need = desk.locator("#record-facts [data-field=need]")
    expect(need).to_be_hidden()
    desk.get_by_text("empty fields").filter(visible=True).click()
    expect(need).to_be_visible()
    desk.get_by_text("Hide empty fields").click()
    expect(need).to_be_hidden()


@pytest.mark.parametrize("width", [360, 390, 1440])
def test_no_part_overflows(new_page, admin, deal, width):
    page = new_page(user=admin, width=width, height=844)
    page.goto(deal.get_absolute_url())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
