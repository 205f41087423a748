"""What answers at once: pressed buttons are busy and act once, moved cards go back, destructive work asks (UX-2)."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from tests.browser.hands import dialog, more, press

pytestmark = pytest.mark.browser
PRESS_TWICE = """button => {
  button.click();
  let refused = false;
  addEventListener("submit", event => { refused = event.defaultPrevented }, { once: true });
  const busy = button.classList.contains("busy");
  button.click();
  return [busy, refused];
}"""
"""Press a button twice at once: is it busy, and is the second press refused?"""


@pytest.fixture(scope="module")
def project(office: str) -> Any:
    """Return a project."""
    return writes.create(registry.get("projects"), {"name": "West", "modules": ["crm"]}, by=SYSTEM)


def test_a_pressed_button_is_busy_and_acts_once(desk, project):
    """UX-2: as long as the server is silent the button turns; a second press does nothing."""
    leads = registry.get("leads").model.objects.filter(subject="Only one")
    desk.goto(f"/crm/leads/new?project={project.pk}")
    desk.get_by_label("Subject").fill("Only one")
    save = desk.get_by_role("button", name="Save", exact=True)
    assert save.evaluate(PRESS_TWICE) == [True, True]
    expect(desk).to_have_url(re.compile(r"/crm/leads/\d+/"))
    assert leads.count() == 1


def test_a_dialog_stands_before_the_server_answers(desk, make, project):
    """UX-2: the frame with a turning mark opens at once; Escape gives up."""
    lead = make("leads", subject="Slow", project=project.pk)
    held: list[Any] = []
    desk.route(re.compile("/crm/leads/[0-9]+/add-account"), lambda route: held.append(route))
    desk.goto(lead.get_absolute_url())
    press(desk, "Add account")
    expect(desk.locator("dialog[open]").get_by_role("status", name="Loading")).to_be_visible()
    assert held
    held[0].continue_()
    expect(dialog(desk, "Add account").get_by_role("searchbox")).to_be_visible()


def test_deleting_asks_first(desk, make, project):
    """UX-2: “Cancel” leaves the record as it is."""
    lead = make("leads", subject="Kept", project=project.pk)
    desk.goto(lead.get_absolute_url())
    more(desk, "Delete")
    press(desk.get_by_role("dialog"), "Cancel")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    lead.refresh_from_db()
