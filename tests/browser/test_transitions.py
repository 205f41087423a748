"""A card that is dropped where an action alone leads opens it, and springs back if that is left (KAN-1, OPP-5)."""

import re

import pytest
from playwright.sync_api import expect

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from tests.browser.hands import dialog, press

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def project(office):
    """Return a project."""
    return writes.create(registry.get("projects"), {"name": "North", "modules": ["crm"]}, by=SYSTEM)


@pytest.fixture
def deal(make, project):
    """Return an opportunity with an account, so that it can be sold."""
    account = make("accounts", organization="Fjord AS", type="account")
    return make("opportunities", name="Fjord deal", project=project.pk, account=account.pk)


def board_at(desk, deal):
    """Open the board; return the card."""
    desk.goto("/crm/opportunities/kanban/")
    expect(desk.locator("[data-board-list].draggable").first).to_be_attached()
    return desk.locator(f"[data-record='{deal.pk}']")


def carry(desk, card, key):
    """Carry a card to a column by keyboard."""
    lists = desk.locator("[data-board-list]")
    column = card.locator("xpath=ancestor::*[@data-value]").get_attribute("data-value")
    keys = [
        board_column.get_attribute("data-value")
        for board_column in desk.locator("[data-value]:has([data-board-list])").all()
    ]
    steps = keys.index(key) - keys.index(column)
    assert lists.count() == len(keys)
    card.focus()
    desk.keyboard.press("Space")
    for _step in range(steps):
        desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Space")


def column_of(card):
    """Return the column in which a card stands."""
    return card.locator("xpath=ancestor::*[@data-value]")


def test_lost_asks_for_the_reason_and_springs_back_where_it_is_left(desk, deal):
    card = board_at(desk, deal)
    carry(desk, card, "lost")
    expect(dialog(desk, "Lost")).to_contain_text("Loss reason")
    expect(column_of(card)).to_have_attribute("data-value", "new")
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog[open]")).to_have_count(0)
    expect(column_of(card)).to_have_attribute("data-value", "new")
    expect(card).to_be_focused()
    carry(desk, card, "lost")
    dialog(desk, "Lost").get_by_label("Loss reason").select_option(index=1)
    press(dialog(desk, "Lost"), "Save")
    expect(desk).to_have_url(re.compile("/crm/opportunities/kanban/"))
    desk.get_by_role("button", name="Cards: Lost").click()
    expect(column_of(desk.locator(f"[data-record='{deal.pk}']"))).to_have_attribute("data-value", "lost")


def test_won_leads_to_the_page_sold_and_the_card_stays_where_that_is_left(new_page, admin, deal):
    desk = new_page(user=admin, width=2600, height=900)  # all columns are seen: the mouse carries the card at once
    card = board_at(desk, deal)
    target = desk.locator("[data-value='won'] [data-board-list]")
    card.drag_to(target)
    expect(desk).to_have_url(re.compile(rf"/crm/opportunities/{deal.pk}/sold\?status=won&next="))
    desk.get_by_role("link", name="Cancel").click()
    expect(desk).to_have_url(re.compile("/crm/opportunities/kanban/"))
    expect(column_of(desk.locator(f"[data-record='{deal.pk}']"))).to_have_attribute("data-value", "new")


def test_a_rounding_item_is_added_in_place_with_what_was_typed(desk, deal, make):
    """QUOTE-3: the totals are those of the rows as they stand."""
    quote = make("quotes", opportunity=deal.pk, name="Offer", currency="EUR")
    make("quote-items", quote=quote.pk, name="Travel", unit_price={"amount": "100", "currency": "EUR"}, tax_percent=25)
    address = f"{deal.get_absolute_url()}?items={quote.pk}"
    desk.goto(address)
    table = desk.locator(f"#items-{quote.pk}")
    table.get_by_role("textbox", name="Unit price").fill("123.45")
    table.get_by_role("button", name="Add rounding item").click()
    expect(table.locator("[data-row]")).to_have_count(2)
    expect(desk).to_have_url(re.compile(re.escape(address) + "$"))
    expect(table.get_by_role("textbox", name="Unit price")).to_have_value("123.45")
    expect(table.locator("[data-total=grand_total]")).to_have_text("€154.00")
    table.get_by_label("Rounded to").fill("10")
    expect(table.locator("[data-total=grand_total]")).to_have_text("€150.00")
    press(table, "Save")
    quote.refresh_from_db()
    assert (quote.grand_total, quote.items.count()) == (150, 2)
