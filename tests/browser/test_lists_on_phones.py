"""Lists where there is little room: cards on a phone, one row of controls, names that stay, compact totals (LIST-1)."""

import re

import pytest
from playwright.sync_api import expect

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from tests.browser.hands import press

pytestmark = pytest.mark.browser

LIST = "/crm/leads/data/"
FINGER = 44
SMALL = """(least) => [...document.querySelectorAll("#main :is(a, button, input:not([type=hidden]))")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .map((each) => [each, (each.closest(".check-cell, .input-icon") ?? each).getBoundingClientRect()])
  .filter(([each, box]) => box.width > 1 && (box.width < least || box.height < least))
  .filter(([each]) => !each.closest("td.name, .pager") && getComputedStyle(each).pointerEvents !== "none")
  .map(([each, box]) => `${each.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""


@pytest.fixture(scope="module")
def project(office):
    """Return a project."""
    return writes.create(registry.get("projects"), {"name": "Harbour", "modules": ["crm"]}, by=SYSTEM)


@pytest.fixture(scope="module")
def leads(project):
    """Make two leads with long names, one of them with an amount in another currency; no test changes them."""
    values = {"project": project.pk, "city": "Bergen"}
    first = {"subject": "Pilot boat with a very long name that no phone shows whole", "company": "Havn Sjømat AS"}
    second = {"subject": "Pilot boat", "company": ""}
    return [
        writes.create(
            registry.get("leads"), {**values, **names, "value": {"amount": amount, "currency": currency}}, by=SYSTEM
        )
        for names, amount, currency in ((first, "4256409", "EUR"), (second, "99.50", "USD"))
    ]


def test_a_phone_shows_cards(new_page, admin, leads):
    """LIST-1, UX-1: name, company, status and value of each row, above the fold, in targets that a finger hits."""
    page = new_page(user=admin, width=360, height=740)
    page.goto(f"{LIST}?filter=subject:contains(Pilot)")
    row = page.locator(f"tr[data-record='{leads[0].pk}']")
    for text in ("Havn Sjømat AS", "New", "€4,256,409"):
        expect(row.get_by_text(text, exact=True)).to_be_in_viewport(ratio=1)
    expect(row.locator("[data-field=assignee]")).to_be_hidden()
    assert row.bounding_box()["y"] < 240
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate(SMALL, FINGER) == []
    row.click(position={"x": 120, "y": 50})
    expect(page).to_have_url(re.compile(rf"/crm/leads/{leads[0].pk}/$"))


def test_a_row_is_chosen_beside_its_box(new_page, admin, leads):
    """LIST-5: a finger need not hit the box; Shift and a click choose the rows between."""
    page = new_page(user=admin, width=360, height=740)
    page.goto(f"{LIST}?filter=subject:contains(Pilot)&sort=id")
    cells = page.locator("tbody .check-cell")
    cells.first.click(position={"x": 4, "y": 4})
    expect(page.get_by_text("1 selected")).to_be_visible()
    cells.last.click(position={"x": 4, "y": 4}, modifiers=["Shift"])
    expect(page.get_by_text("2 selected")).to_be_visible()


def test_a_phone_has_one_row_of_controls(new_page, admin, leads):
    """LIST-1: it scrolls sideways; the views are in a menu, the search opens where it is touched."""
    page = new_page(user=admin, width=360, height=740)
    page.goto(LIST)
    row = page.get_by_role("group", name="Filters and view").bounding_box()
    assert row["height"] < 60
    search = page.get_by_role("searchbox", name="Search in the list")
    narrow = search.bounding_box()["width"]
    search.focus()
    page.wait_for_function("(narrow) => document.activeElement.offsetWidth > narrow * 3", arg=narrow)
    press(page, "View")
    page.get_by_role("menuitem", name="Kanban").click()
    expect(page).to_have_url(re.compile("/crm/leads/kanban/"))


def test_the_name_has_room_and_stays(new_page, admin, leads):
    """LIST-1: the name is at least 240 pixels wide, and stays in view while one scrolls sideways."""
    page = new_page(user=admin, width=1024, height=740)
    page.goto(f"{LIST}?filter=subject:contains(Pilot)")
    name = page.locator(f"tr[data-record='{leads[0].pk}'] td.name")
    before = name.bounding_box()
    assert before["width"] >= 240
    assert page.evaluate("document.documentElement.scrollWidth") == 1024
    page.locator(".table-frame").evaluate("(frame) => frame.scrollTo(10_000, 0)")
    assert name.bounding_box()["x"] == pytest.approx(before["x"], abs=1)
    name.hover()
    expect(name).to_have_attribute("title", re.compile("no phone shows whole"))


def test_a_total_shows_its_parts(new_page, admin, leads):
    """LIST-1: on hover, on focus and on a click; Escape hides them."""
    page = new_page(user=admin)
    page.goto(f"{LIST}?filter=subject:contains(Pilot)")
    total = page.locator("tfoot").get_by_role("button")
    parts = page.locator(".total-parts")
    total.focus()
    expect(parts).to_contain_text("$99.50")
    page.keyboard.press("Escape")
    expect(parts).to_be_hidden()
    total.hover()
    expect(parts).to_contain_text("€4,256,409")
    page.mouse.move(0, 0)
    expect(parts).to_be_hidden()


@pytest.mark.parametrize("state", ["", "hover", "chosen"])
def test_the_last_cell_has_the_color_of_its_row(desk, leads, state):
    """LIST-1: what fades out under the menu button fades into the row, not into white."""
    desk.goto(f"{LIST}?filter=subject:contains(Pilot)")
    row = desk.locator(f"tr[data-record='{leads[1].pk}']")
    if state == "hover":
        row.hover()
    elif state == "chosen":
        row.get_by_role("checkbox").check()
    colors = row.evaluate(
        """(row) => [getComputedStyle(row.cells[2]).backgroundColor,
        getComputedStyle(row.cells[row.cells.length - 1]).backgroundColor,
        getComputedStyle(row.cells[row.cells.length - 1], "::before").backgroundImage]"""
    )
    assert colors[0] == colors[1]
    assert colors[0] in colors[2]
