"""Forms and items by hand: folded fields, the picker of colours, the order of items, what one has chosen."""

import re

import pytest
from playwright.sync_api import expect

from kanal.entities.quotes.tests import factories
from tests.browser.hands import press

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def store(office):
    """Return a project with a price book, products, a bundle, and an opportunity."""
    return factories.shop()


def test_more_fields_open_by_keyboard_and_for_what_is_wrong(desk, store):
    """FORM-1: a field that is wrong is seen, and the summary leads to it."""
    desk.goto("/crm/opportunities/new")
    more = desk.locator("summary", has_text="More fields")
    probability = desk.get_by_role("textbox", name="Probability")
    expect(probability).to_be_hidden()
    more.focus()
    more.press("Enter")
    probability.fill("much")
    press(desk, "Save")
    expect(probability).to_have_value("much")
    desk.get_by_role("link", name=re.compile("Probability")).click()
    expect(probability).to_be_focused()


def test_a_colour_is_picked_or_typed(desk, store):
    """The swatch and the text beside it follow each other; the text is what is stored."""
    desk.goto("/crm/leads/new")
    desk.get_by_text("More fields").click()
    swatch, text = desk.get_by_label("Pick “Colour”"), desk.get_by_role("textbox", name="Colour", exact=True)
    swatch.fill("#aa3300")
    expect(text).to_have_value("#aa3300")
    text.fill("#0055cc")
    expect(swatch).to_have_value("#0055cc")


def test_items_are_ordered_by_keyboard(desk, store):
    """QUOTE-3: Space grabs an item, arrows move it, and the order is stored."""
    offer = factories.quote(store, name="Offer")
    desk.goto(f"{store.opportunity.get_absolute_url()}?items={offer.pk}")
    names = desk.locator("input.item-name")
    before = [names.nth(place).input_value() for place in range(names.count())]
    handle = desk.get_by_role("button", name=f"Move “{before[1]}”")
    handle.focus()
    for key in ("Space", "ArrowUp", "Space"):
        desk.keyboard.press(key)
    press(desk.get_by_role("region", name="Offer", exact=True), "Save")
    expect(names.first).to_have_value(before[1])
    assert [item.name for item in offer.items.order_by("position")][:2] == [before[1], before[0]]


def test_what_is_chosen_is_counted_and_summed(desk, store):
    """One sees what the chosen items cost before they are added; a search keeps them."""
    offer = factories.quote(store, items=[])
    desk.goto(f"/crm/quotes/{offer.pk}/add-items")
    chosen = desk.locator("#chosen-total")
    desk.get_by_role("checkbox", name="Starter").check()
    expect(chosen).to_have_text("1 item selected · €999.99")
    desk.get_by_role("searchbox", name="Search products and bundles").fill("no such product")
    expect(desk.get_by_role("checkbox")).to_have_count(1)
    expect(desk.get_by_role("checkbox", name="Starter")).to_be_checked()


def test_items_are_cards_on_a_phone(new_page, admin, store):
    """Each value of an item is seen with its label, within the width of the page."""
    offer = factories.quote(store, name="Small offer")
    page = new_page(user=admin, width=390, height=844)
    page.goto(f"{store.opportunity.get_absolute_url()}?items={offer.pk}")
    total = page.get_by_role("textbox", name="Total").first
    box = total.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
