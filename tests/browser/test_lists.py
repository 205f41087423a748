"""Lists as people use them: cells changed in place, many rows at once, groups, alternatives, a row's menu (LIST)."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from tests.browser.hands import dialog, press, title

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def project(office):
    """Return a project."""
    return writes.create(registry.get("projects"), {"name": "South", "modules": ["crm"]}, by=SYSTEM)


@pytest.fixture
def leads(make, project):
    """Make leads: `leads("Ferry", "Barge")`."""
    return lambda *subjects, **more: [
        make("leads", subject=subject, company=f"{subject} AS", project=project.pk, **more) for subject in subjects
    ]


def open_list(page, text, **more):
    """Open the list of the leads whose subject holds a text."""
    state = "&".join(f"{name}={value}" for name, value in more.items())
    page.goto(f"/crm/leads/data/?filter=subject:contains({text})&columns=subject,company,value,city&{state}")


def cell_of(page, record, key):
    """Return the cell of a record's field."""
    return page.locator(f"tr[data-record='{record.pk}'] [data-field='{key}']")


def begin(page, cell, name):
    """Press the pencil of a cell, which shows where one points; return the cell's control."""
    cell.hover()
    cell.get_by_role("button", name=re.compile(f"^Edit “{name}")).click()
    return cell.get_by_label(name, exact=True)


def test_a_cell_is_changed_where_it_stands(desk, leads):
    """LIST-4: Enter saves, Escape restores, Tab saves and goes on, a refused value says why in its cell."""
    (lead,) = leads("Trawler")
    open_list(desk, "Trawler")
    company, value, city = (cell_of(desk, lead, key) for key in ("company", "value", "city"))
    control = begin(desk, company, "Company")
    control.fill("Somebody else")
    control.press("Escape")
    expect(company).to_have_text("Trawler AS")
    control = begin(desk, company, "Company")
    control.fill("Fjord Ferries AS")
    control.press("Enter")
    expect(company).to_have_text("Fjord Ferries AS")
    expect(company.get_by_role("button")).to_be_focused()
    control = begin(desk, value, "Estimated value")
    control.fill("plenty")
    control.press("Enter")
    expect(value.get_by_role("alert")).to_contain_text("is not a number")
    value.get_by_role("textbox").fill("1250.5")
    value.get_by_role("textbox").press("Tab")
    desk.keyboard.press("Tab")
    expect(value).to_contain_text("1,250.50")
    expect(city.get_by_role("textbox")).to_be_focused()
    desk.keyboard.type("Bergen")
    desk.keyboard.press("Enter")
    expect(city).to_have_text("Bergen")
    lead.refresh_from_db()
    assert (lead.company, lead.value, lead.city) == ("Fjord Ferries AS", Decimal("1250.5"), "Bergen")


def test_pencils_are_reached_by_keyboard(desk, leads):
    """LIST-4, UX-7: Tab goes from the row's name to the pencils of its cells."""
    (lead,) = leads("Cutter")
    open_list(desk, "Cutter")
    desk.get_by_role("link", name="Cutter", exact=True).focus()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    pencil = cell_of(desk, lead, "company").get_by_role("button", name=re.compile("^Edit “Company"))
    expect(pencil).to_be_focused()
    desk.keyboard.press("Enter")
    expect(cell_of(desk, lead, "company").get_by_role("textbox")).to_be_focused()


def test_a_fact_is_changed_on_the_record_page(desk, leads):
    """LIST-4: and the heading follows the name."""
    (lead,) = leads("Sloop", country="NO")
    desk.goto(lead.get_absolute_url())
    desk.get_by_text("empty fields").filter(visible=True).click()
    fact = desk.locator(".fact[data-field='city']")
    fact.hover()
    fact.get_by_role("button", name="Edit “City”").click()
    fact.get_by_role("textbox").fill("Oslo")
    fact.get_by_role("textbox").press("Enter")
    expect(fact).to_contain_text("Oslo")


def test_many_rows_are_changed_by_a_job_that_can_be_cancelled(desk, leads, run_jobs, monkeypatch):
    """LIST-5: above a limit; the number stands in the question; cancelled, what is done stays and is counted."""
    monkeypatch.setattr("kanal.web.bulk.AT_ONCE", 20)
    monkeypatch.setattr("kanal.core.writes.bulk_update.CHUNK", 20)
    leads(*(f"Pontoon {n}" for n in range(30)))
    made = registry.get("leads").model.objects.filter(subject__startswith="Pontoon")
    for city, is_cancelled, done in (("Bergen", False, 30), ("Oslo", True, 20)):
        open_list(desk, "Pontoon", limit=25)
        desk.get_by_label("Select all rows").check()
        bar = desk.get_by_role("group", name="Selected rows")
        press(bar, "Select all 30 leads")
        press(bar, "Edit")
        asked = dialog(desk, "Edit 30 records")
        asked.get_by_label("Field").select_option("City")
        asked.get_by_label("City").fill(city)
        press(asked, "Save")
        expect(desk).to_have_url(re.compile(r"/progress/\d+$"))
        if is_cancelled:
            press(desk, "Cancel")
        run_jobs()
        desk.reload()
        expect(desk.get_by_role("status").filter(has_text="/ 30")).to_contain_text(f"{done} / 30")
        assert made.filter(city=city).count() == done
    desk.get_by_role("link", name="Back to the list").click()
    expect(title(desk)).to_have_text("Leads")


def test_a_list_is_grouped_with_counts_and_sums(desk, leads):
    """LIST-1: per group, money per currency and converted, and a row of totals."""
    euro = {"value": {"amount": "100", "currency": "EUR"}}
    leads("Raft one", "Raft two", city="Bergen", **euro)
    leads("Raft three", city="Oslo", value={"amount": "50", "currency": "EUR"})
    open_list(desk, "Raft")
    desk.get_by_role("link", name="Columns").click()
    asked = dialog(desk, "Columns")
    asked.get_by_label("Group by").select_option("City")
    asked.get_by_label("Search columns").fill("assig")
    asked.get_by_role("checkbox", name="Assignee", exact=True).first.check()
    expect(asked.get_by_role("list", name="Chosen columns")).to_contain_text("Assignee")
    press(asked, "Apply")
    expect(desk.get_by_role("row", name=re.compile("Bergen.*2.*€200"))).to_be_visible()
    expect(desk.get_by_role("row", name=re.compile("Total.*€250"))).to_be_visible()
    expect(desk.get_by_role("columnheader", name="Assignee")).to_be_visible()
    desk.get_by_role("link", name="Estimated value", exact=True).click()
    desk.get_by_role("link", name="Subject", exact=True).click(modifiers=["Shift"])
    expect(desk.get_by_role("columnheader", name="Estimated value 1")).to_be_visible()
    expect(desk.get_by_role("columnheader", name="Subject 2")).to_be_visible()


def test_totals_of_thousands_come_after_the_page(desk, make, leads, project, monkeypatch):
    """PERF-1, PERF-7: the page does not wait for sums that take long; they come to the list's foot and the board."""
    monkeypatch.setattr("kanal.core.aggregation.execute.MANY", -1)
    leads("Lugger one", "Lugger two", value={"amount": "125", "currency": "EUR"})
    open_list(desk, "Lugger")
    expect(desk.get_by_role("row", name=re.compile("Total.*€250"))).to_be_visible()
    expect(desk.locator(".skeleton")).to_have_count(0)
    for name in ("Lugger three", "Lugger four"):
        make("opportunities", name=name, project=project.pk, value={"amount": "200", "currency": "EUR"})
    desk.goto("/crm/opportunities/kanban/?filter=name:contains(Lugger)")
    expect(desk.locator(".board-head").filter(has_text="New")).to_contain_text("€400")
    expect(desk.locator(".board-head .skeleton")).to_have_count(0)


def test_alternatives_are_added_on_the_page(desk, leads):
    """LIST-2: a group of conditions joined by OR."""
    leads("Barge one", "Barge two", "Barge three")
    open_list(desk, "Barge one")
    desk.get_by_role("link", name="or: Subject").click()
    asked = dialog(desk, "Filter")
    asked.get_by_label("Field").select_option("Subject")
    asked.get_by_label("Value").fill("Barge two")
    press(asked, "Apply")
    expect(desk.get_by_role("group", name="Alternatives")).to_contain_text("or")
    expect(desk.get_by_role("link", name="Barge two", exact=True)).to_be_visible()
    expect(desk.get_by_role("link", name="Barge three", exact=True)).to_have_count(0)


def test_the_menu_of_a_row(desk, leads):
    """LIST-6: by right-click, by its button and by the keyboard."""
    (lead,) = leads("Dinghy")
    open_list(desk, "Dinghy")
    menu = desk.get_by_role("menu", name=str(lead.name))
    cell_of(desk, lead, "company").click(button="right")
    expect(menu.get_by_role("menuitem", name="Qualify", exact=True)).to_be_visible()
    desk.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    desk.get_by_role("button", name=f"Actions of {lead.name}").click()
    expect(menu.get_by_role("menuitem", name="Edit")).to_be_visible()
    desk.keyboard.press("Escape")
    link = desk.get_by_role("row", name="Dinghy").get_by_role("link").first
    link.focus()
    desk.keyboard.press("Shift+F10")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    menu.get_by_role("menuitem", name="Edit").click()
    expect(desk).to_have_url(re.compile(rf"/crm/leads/{lead.pk}/edit"))
