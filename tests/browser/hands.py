"""What a person does on a page, by role and accessible name alone (NAV-3)."""

from typing import Any


def press(where: Any, name: str) -> None:
    """Press the button of this name."""
    where.get_by_role("button", name=name, exact=True).click()


def follow(where: Any, name: str) -> None:
    """Follow the link of this name."""
    where.get_by_role("link", name=name, exact=True).first.click()


def crm(page: Any, name: str) -> None:
    """Go to a record type as most operations start: global menu, CRM, the sidebar's button of the type."""
    page.goto("/")
    press(page, "Global menu")
    page.get_by_role("group", name="Platform").get_by_role("menuitem", name="CRM", exact=True).click()
    page.get_by_role("navigation", name="CRM").get_by_role("link", name=name).click()


def panel(page: Any) -> Any:
    """Return the action panel of a record's page."""
    return page.get_by_role("complementary", name="Actions")


def more(page: Any, name: str) -> None:
    """Choose an entry of “More”."""
    press(panel(page), "More")
    page.get_by_role("menuitem", name=name, exact=True).click()


def tab(page: Any, name: str) -> None:
    """Open a tab of a record's page."""
    page.get_by_role("tab", name=name).click()


def dialog(page: Any, name: str) -> Any:
    """Return the dialog of this name."""
    return page.get_by_role("dialog", name=name)


def agree(page: Any, question: str) -> None:
    """Press “OK” in the dialog that asks this question."""
    press(dialog(page, question), "OK")


def picker(where: Any, field: str) -> Any:
    """Return a picker of a form, once the page's scripts have made it of its select."""
    return where.get_by_role("combobox", name=field, exact=True).and_(where.locator("input"))


def choose(where: Any, field: str, record: str) -> None:
    """Choose a record in a picker of a form."""
    box = picker(where, field)
    box.click()
    box.fill(record)
    where.get_by_role("option", name=record).first.click()


def pick(page: Any, title: str, record: str, save: str = "Save") -> None:
    """Search a record in a dialog, choose it by its radio button and save."""
    asked = dialog(page, title)
    with page.expect_response(lambda answer: "part=rows" in answer.url):
        asked.get_by_role("searchbox").fill(record)
    asked.get_by_role("radio", name=record).check()
    press(asked, save)


def title(page: Any) -> Any:
    """Return the heading of the page."""
    return page.get_by_role("heading", level=1)


def enter_condition(page: Any, field: str, operator: str, value: str) -> None:
    """Add a condition to the filter in a form, in the dialog of its chips."""
    press(page, "Add condition")
    asked = dialog(page, "Filter")
    asked.get_by_label("Field").select_option(field)
    with page.expect_response(lambda answer: "op=" in answer.url):
        asked.get_by_label("Operator").select_option(operator)
    asked.get_by_label("Value").fill(value)
    press(asked, "Apply")
