"""The main job by keyboard alone: focus is always seen, never lost and never trapped (UX-1)."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from kanal.core import writes
from kanal.core.actor import SYSTEM
from kanal.entities.quotes.tests.factories import shop
from tests.browser.hands import dialog, panel, title

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STEPS = 150
IS_FOCUSED = "element => element === document.activeElement"
IS_SEEN = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect();
  const shown = [element, element.parentElement, element.closest('label, .control, .input-group')].filter(Boolean);
  const marked = shown.some(one => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  });
  const within = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return marked && within ? '' : `${element.outerHTML.slice(0, 160)} marked: ${marked} within: ${within}`;
}"""

STEP = f"""element => [
  document.activeElement === document.body ? '' : ({IS_SEEN})(),
  element === document.activeElement,
]"""


@pytest.fixture
def keys(make, make_user, new_page) -> Any:
    """Return the page of a seller who has a lead, and a shop to sell from."""
    store = shop()
    version = make("product-versions", name="Version 2")
    writes.change(store.book, {"product_versions": [version.pk]}, by=SYSTEM)
    seller = make_user("representative", first_name="Sigrid", last_name="Seller")
    given = {"last_name": "Berg", "company": "Nordlys AS", "email": "anna@nordlys.example", "country": "NO"}
    make("leads", subject="Boats", project=store.project.pk, assignee=seller.pk, **given)
    return new_page(user=seller)


def reach(page: Any, target: Any) -> None:
    """Go on by Tab until the focus is there; each thing on the way shows that it has the focus."""
    target.wait_for()
    for _step in range(STEPS):
        page.keyboard.press("Tab")
        unseen, is_reached = target.evaluate(STEP)
        assert not unseen, unseen
        if is_reached:
            return
    raise AssertionError(f"{target} can't be reached by Tab")


def push(page: Any, target: Any) -> None:
    """Reach a button or link, and press Enter."""
    reach(page, target)
    page.keyboard.press("Enter")


def write(page: Any, target: Any, text: str) -> None:
    """Reach a text field, and type over what stands there."""
    reach(page, target)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def by_arrows(page: Any, target: Any) -> None:
    """Go on by the down arrow until the focus is there: in a menu, or among radio buttons."""
    for _step in range(20):
        if target.evaluate(IS_FOCUSED):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{target} can't be reached by arrows")


def test_the_main_job_without_a_mouse(keys):
    """UX-1: from the lead by call, quote and document to the sale."""
    open_the_lead(keys)
    log_a_call(keys)
    qualify(keys)
    quote(keys)
    document(keys)
    sell(keys)


def open_the_lead(page: Any) -> None:
    """Skip the frame, and follow the link of the row."""
    page.goto("/crm/leads/data/")
    page.keyboard.press("Tab")
    assert not page.evaluate(IS_SEEN)
    assert "Skip" in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('main') || !!document.activeElement.closest('main')")
    push(page, page.get_by_role("table", name="Leads").get_by_role("link", name="Boats"))
    expect(title(page)).to_contain_text("Boats")


def log_a_call(page: Any) -> None:
    """Note a call; what is missing is said where the focus goes."""
    push(page, panel(page).get_by_role("link", name="Add activity"))
    category = page.get_by_label("Category")
    reach(page, category)
    page.keyboard.type("Call")
    expect(category.locator("option:checked")).to_have_text("Call")
    push(page, page.get_by_role("button", name="Save", exact=True))
    expect(page.locator("[data-error-summary]")).to_be_focused()
    write(page, page.get_by_label("Subject"), "First call")
    push(page, page.get_by_role("button", name="Save", exact=True))
    expect(title(page)).to_contain_text("Boats")


def qualify(page: Any) -> None:
    """Make an opportunity of the lead."""
    push(page, panel(page).get_by_role("link", name="Qualify", exact=True))
    write(page, page.get_by_role("group", name="Opportunity").get_by_label("Name"), "Nordlys: boats")
    push(page, page.get_by_role("button", name="Save", exact=True))
    expect(page).to_have_url(re.compile(r"/crm/opportunities/\d+/"))


def quote(page: Any) -> None:
    """Make a quote of a product with a discount."""
    push(page, panel(page).get_by_role("link", name="New quote"))
    version = page.get_by_role("radio", name="Version 2")
    version.wait_for()
    reach(page, page.locator("input[type=radio]").first)
    by_arrows(page, version)
    reach(page, page.get_by_label("Currency"))
    page.keyboard.type("EUR")
    push(page, page.get_by_role("button", name="Create a quote"))
    reach(page, page.get_by_role("checkbox", name="CRM licence"))
    page.keyboard.press("Space")
    write(page, page.get_by_role("textbox", name="Amount of CRM licence"), "12")
    push(page, page.get_by_role("button", name="Next", exact=True))
    push(page, page.get_by_role("button", name="Submit", exact=True))
    licence = page.get_by_role("row", name="CRM licence")
    write(page, licence.get_by_role("textbox", name="Discount"), "10")
    push(page, page.get_by_role("button", name="Save", exact=True))
    total = page.get_by_role("row", name="CRM licence").get_by_role("textbox", name="Total")
    expect(total).to_have_value("162.00")


def document(page: Any) -> None:
    """Generate the document from the menu of the quote's row; Escape leads back to where one was."""
    menu = page.get_by_role("row", name="Q-").get_by_role("button", name=re.compile("Actions|More"))
    asked = dialog(page, "Generate quote")
    push(page, menu)
    by_arrows(page, page.get_by_role("menuitem", name="Generate quote"))
    page.keyboard.press("Enter")
    expect(asked).to_be_visible()
    assert asked.evaluate("element => element.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    expect(menu).to_be_focused()
    page.keyboard.press("Enter")
    by_arrows(page, page.get_by_role("menuitem", name="Generate quote"))
    page.keyboard.press("Enter")
    push(page, asked.get_by_role("button", name="Generate quote"))
    expect(page.get_by_role("group", name="Attachments").get_by_role("link").first).to_be_visible()


def sell(page: Any) -> None:
    """Confirm the deal."""
    push(page, panel(page).get_by_role("link", name="Sold"))
    push(page, page.get_by_role("button", name="Confirm deal and order service"))
    expect(panel(page).get_by_role("button", name="Unlock")).to_be_visible()
    assert page.locator("main").count() == 1
