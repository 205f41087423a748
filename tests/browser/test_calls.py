"""Logging calls and planning what follows (NAV-4, UX-3), in a browser."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from kanal.core import registry
from tests.browser.hands import panel, press


class Counter:
    """Counts what a person does: keys pressed for a shortcut, clicks, and words typed and confirmed are one each."""

    def __init__(self) -> None:
        self.number = 0

    def do(self, act: Any, *given: Any, **named: Any) -> Any:
        """Do one thing."""
        self.number += 1
        return act(*given, **named)


@pytest.fixture
def contact(make):
    """Return a contact with a phone number."""
    account = make("accounts", organization="Nordlys AS", type="account")
    return make("contacts", first_name="Anna", last_name="Berglund", phone="+47 22 33 44 55", account=account.pk)


@pytest.fixture
def project(make, seller):
    """Return a project."""
    return make("projects", name=f"Calls {seller.pk}", modules=["crm"])


@pytest.fixture
def lead(make, seller, project):
    """Return a lead of the seller with a phone number."""
    return make(
        "leads", subject="Boat", last_name="Berg", phone="+47 22 33 44 66", project=project.pk, assignee=seller.pk
    )


def calls_of(**on: Any) -> list[Any]:
    """Read the calls on a record."""
    return list(registry.get("activities").model.objects.filter(category__key="call", **on))


def test_a_call_is_logged_in_three_interactions_from_any_page(new_page, admin, contact):
    """UX-3: press “c”, say with whom, store: three interactions, on a page that has nothing to do with it."""
    page, hand = new_page(user=admin), Counter()
    page.goto("/crm/campaigns/data/")
    hand.do(page.keyboard.press, "c")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="With")).to_be_focused()

    def choose() -> None:
        page.keyboard.type("Berglund")
        dialog.get_by_role("option", name=re.compile("Berglund")).wait_for()
        page.keyboard.press("Enter")

    hand.do(choose)
    hand.do(press, dialog, "Log the call")
    expect(page.locator("#toasts")).to_contain_text("Logged: Call with Anna Berglund")
    expect(dialog).to_have_count(0)
    (call,) = calls_of(contact=contact)
    assert hand.number <= 3
    assert (call.done, call.assignee, call.subject) == (True, admin, "Call with Anna Berglund")


def test_a_dialled_number_offers_to_log_the_call(new_page, seller, lead):
    """NAV-4: a phone number is a `tel:` link; after the click the call was logged in two more, on the record."""
    page, hand = new_page(user=seller), Counter()
    page.goto(f"/crm/leads/{lead.pk}/")
    number = page.locator('a[href^="tel:"]').first
    expect(number).to_have_attribute("href", re.compile(r"^tel:\+47"))
    stay = """(event) => event.target.closest('a[href^="tel:"]') && event.preventDefault()"""
    page.evaluate(f"addEventListener('click', {stay})")
    hand.do(number.click)
    hand.do(press, page, "Log this call")
    dialog = page.get_by_role("dialog", name="Log a call")
    expect(dialog.get_by_label("Subject")).to_have_value(re.compile("^Call with"))
    hand.do(press, dialog, "Log the call")
    expect(page.locator("#timeline")).to_contain_text("Call with")
    assert hand.number == 3
    (call,) = calls_of(lead=lead)
    assert (call.done, call.assignee) == (True, seller)
    assert call.start is not None


def test_a_call_needs_somebody(new_page, admin):
    """FORM-1: without a record the dialog says so and keeps what was typed."""
    page = new_page(user=admin)
    page.goto("/crm/leads/data/")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Outcome").fill("No answer")
    press(dialog, "Log the call")
    expect(dialog).to_contain_text("Choose who the call was with.")
    expect(dialog.get_by_label("Outcome")).to_have_value("No answer")


def test_a_call_with_an_unseen_record_is_refused(new_page, make_user, lead):
    """ACC-7: a stranger's dialog on another's lead is not there."""
    page = new_page(user=make_user("representative"))
    assert page.goto(f"/crm/activities/log-call?on=leads.{lead.pk}").status == 404
    assert page.request.get("/crm/activities/callees?q=Berg").json() == {"items": []}


@pytest.fixture
def meeting(make, seller, lead):
    """Return a meeting on the lead that names its next step."""
    return make(
        "activities", subject="Meeting about sails", category="meeting", lead=lead.pk, assignee=seller.pk,
        next_step="Send the offer",
    )  # fmt: skip


def finish(page: Any, meeting: Any) -> Any:
    """Mark the meeting as done; return the dialog that follows."""
    page.goto(f"/crm/activities/{meeting.pk}/")
    press(page, "Mark done")
    press(page.get_by_role("dialog", name="Mark done"), "Save")
    return page.get_by_role("dialog", name="Next step")


def test_finishing_an_activity_offers_the_next_one(new_page, seller, meeting, lead):
    """NAV-4: the dialog stands filled in from the next step; what it makes stands on the same records."""
    page = new_page(user=seller)
    dialog = finish(page, meeting)
    expect(dialog.get_by_label("Subject")).to_have_value("Send the offer")
    press(dialog, "Plan it")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Send the offer")
    made = registry.get("activities").model.objects.exclude(pk=meeting.pk).get(lead=lead)
    assert (made.done, made.assignee, made.subject) == (False, seller, "Send the offer")


def test_the_next_step_can_be_skipped(new_page, seller, meeting, lead):
    """NAV-4: “Skip” makes nothing, and loading the page again does not ask again."""
    page = new_page(user=seller)
    press(finish(page, meeting), "Skip")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    expect(panel(page)).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert registry.get("activities").model.objects.filter(lead=lead).count() == 1


def test_the_shortcuts_are_listed_and_plus_adds_any_record(desk):
    """NAV-4: `?` lists the shortcuts, “+” adds any record."""
    desk.goto("/crm/leads/data/")
    desk.keyboard.press("?")
    listed = desk.get_by_role("dialog", name="Keyboard shortcuts")
    expect(listed).to_contain_text("Log a call")
    press(listed, "Close")
    desk.keyboard.press("+")
    for name in ("Log a call", "New lead", "New account", "New activity"):
        expect(desk.get_by_role("menuitem", name=name, exact=True)).to_be_visible()
