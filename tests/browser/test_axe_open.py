"""No violation of accessibility rules in what opens: menus, dialogs, pickers, errors, toasts, in both themes (UX-1)."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from tests.browser.hands import dialog, panel, picker, press
from tests.browser.test_axe import in_themes

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DIALOG, MENU, TOAST = "dialog[open]", ".menu:popover-open", "#toasts"
SAY = """kind => document.dispatchEvent(new CustomEvent('toast', { detail: { text: 'Told', kind, undo: '/none' } }))"""
LIST, NEW, VIEW = "/crm/leads/data/", "/crm/leads/new", "/saved-filters/leads/new"


@pytest.fixture(scope="module")
def project(office: str) -> Any:
    """Return a project."""
    return writes.create(registry.get("projects"), {"name": "North", "modules": ["crm"]}, by=SYSTEM)


@pytest.fixture
def boats(make: Any, project: Any, admin: Any, desk: Any) -> Any:
    """Return the page of an administrator who has a lead with a meeting."""
    make("accounts", type="organization", organization="Nordlys AS")
    given = {"last_name": "Berg", "company": "Nordlys AS", "assignee": admin.pk, "project": project.pk}
    lead = make("leads", subject="Boats", **given)
    make("activities", subject="Meeting about sails", category="meeting", lead=lead.pk, assignee=admin.pk)
    desk.record = lead.get_absolute_url()
    return desk


def test_axe_finds_nothing_in_menus(boats):
    """UX-1: global menu, menu of adding, menu of the user, menu of a row, “More” of a record."""
    violations, names = [], ("Global menu", "Add", "Your account")
    boats.goto(LIST)
    for name in names:
        press(boats, name)
        violations += opened(boats, MENU, name)
        shut(boats)
    boats.get_by_role("button", name=re.compile("^Actions of|^Actions:? .*Boats")).first.click()
    violations += opened(boats, MENU, "row")
    boats.goto(boats.record)
    press(panel(boats), "More")
    violations += opened(boats, MENU, "more")
    assert not violations, "\n".join(violations)


def test_axe_finds_nothing_in_dialogs(boats):
    """UX-1: search with hits, shortcuts, filter, columns, a call, a pick, a question, a refused dialog."""
    violations = []
    boats.goto(LIST)
    boats.keyboard.press("/")
    boats.get_by_role("searchbox", name="Search everything").fill("Boats")
    boats.locator("#search-results a").first.wait_for()
    violations += opened(boats, DIALOG, "search")
    shut(boats)
    boats.keyboard.press("?")
    violations += opened(boats, DIALOG, "shortcuts")
    shut(boats)
    for name in ("Filter", "Columns"):
        boats.get_by_role("link", name=name, exact=True).or_(boats.get_by_role("button", name=name, exact=True)).click()
        dialog(boats, name).get_by_role("button").last.wait_for()
        violations += opened(boats, DIALOG, name)
        shut(boats)
    boats.keyboard.press("c")
    press(dialog(boats, "Log a call"), "Log the call")
    expect(boats.locator("[data-error-summary]")).to_be_visible()
    violations += opened(boats, DIALOG, "a call refused")
    boats.goto(boats.record)
    press(panel(boats), "Add account")
    boats.get_by_role("radio").first.wait_for()
    violations += opened(boats, DIALOG, "pick")
    shut(boats)
    press(panel(boats), "More")
    boats.get_by_role("menuitem", name="Delete", exact=True).click()
    boats.get_by_role("button", name="OK").wait_for()
    violations += opened(boats, DIALOG, "question")
    assert not violations, "\n".join(violations)


def test_axe_finds_nothing_in_what_opens_on_a_page(boats):
    """UX-1: a picker with options, errors of a form, a cell that is changed, selected rows, a toast."""
    violations = []
    boats.goto(NEW)
    press(boats, "Save")
    expect(boats.locator("[data-error-summary]")).to_be_focused()
    violations += opened(boats, "main", "errors")
    box = picker(boats, "Assignee")
    box.click()
    boats.get_by_role("option").filter(visible=True).first.wait_for()
    violations += opened(boats, "main", "picker")
    boats.goto(LIST)
    boats.get_by_label("Select all rows").check()
    boats.get_by_role("group", name="Selected rows").wait_for()
    violations += opened(boats, "main", "selected rows")
    boats.goto(boats.record)
    boats.get_by_role("textbox", name="Comment").fill("They want sails")
    press(boats, "Add comment")
    boats.locator("#timeline").get_by_text("They want sails").wait_for()
    for kind in ("success", "warning", "error", "info"):
        boats.evaluate(SAY, kind)
    expect(boats.locator(f"{TOAST} .toast", has_text="Told")).to_have_count(4)
    violations += opened(boats, TOAST, "toast")
    assert not violations, "\n".join(violations)


def test_axe_finds_nothing_on_a_phone(boats, new_page, admin):
    """UX-1: the navigation that slides in at 360 pixels, and no page wider than that."""
    page = new_page(user=admin, width=360, height=740)
    violations, wide = [], []
    for url in ("/", "/crm/", LIST, "/crm/leads/kanban/", boats.record, NEW, "/settings/", "/me/", VIEW):
        page.goto(url)
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            wide.append(url)
    press(page, "Navigation")
    expect(page.locator("#sidebar")).to_be_visible()
    violations += opened(page, "#sidebar", "navigation")
    assert not wide, "\n".join(wide)
    assert not violations, "\n".join(violations)


def shut(page: Any) -> None:
    """Press Escape, and wait until nothing is open."""
    page.keyboard.press("Escape")
    expect(page.locator(f"{DIALOG}, {MENU}")).to_have_count(0)


def opened(page: Any, within: str, name: str) -> list[str]:
    """Ask in both themes of what is open; the page is light again afterwards."""
    expect(page.locator(within).first).to_be_visible()
    violations = in_themes(page, name, within)
    page.evaluate("delete document.documentElement.dataset.bsTheme")
    return violations
