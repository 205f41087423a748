"""The composer of a record's page, in a browser: head, fields and timeline agree at once, and nothing typed is lost."""

import re

import pytest
from playwright.sync_api import expect

from kanal.core import registry
from tests.browser.hands import press


@pytest.fixture
def lead(make, seller):
    """Return a new lead of the seller."""
    project = make("projects", name=f"Boats {seller.pk}", modules=["crm"])
    return make("leads", subject="Boat", last_name="Berg", project=project.pk, assignee=seller.pk)


@pytest.fixture
def at_lead(new_page, seller, lead):
    """Open the lead's page as its seller."""
    page = new_page(user=seller)
    page.goto(f"/crm/leads/{lead.pk}/")
    return page


def composer(page):
    """Return the composer."""
    return page.get_by_role("region", name="Composer")


def choose(page, kind):
    """Choose a kind of entry, and wait for its form."""
    composer(page).get_by_role("link", name=kind, exact=True).click()
    expect(composer(page).locator(f'[aria-current="true"]:has-text("{kind}")')).to_have_count(1)
    expect(composer(page).locator("[data-composer-text]")).to_be_focused()


def test_a_call_is_logged_in_two_interactions_on_a_records_page(at_lead, lead):
    """UX-3, DET-3a: “c”, words, Ctrl+Enter; head, fields and timeline change without loading the page again."""
    stage = at_lead.locator("#page-head [aria-current=step]")
    expect(stage).to_have_text("New")
    at_lead.evaluate("window.stays = true")
    at_lead.keyboard.press("c")
    expect(composer(at_lead).get_by_label("Outcome")).to_be_focused()
    at_lead.keyboard.type("Wants sails")
    at_lead.keyboard.press("Control+Enter")
    expect(at_lead.locator("#timeline")).to_contain_text("Wants sails")
    expect(at_lead.locator("#toasts")).to_contain_text("Logged: Call with")
    expect(stage).not_to_have_text("New")
    status = registry.get("leads").model.objects.get(pk=lead.pk).status
    expect(stage).to_have_text(str(status.label))
    expect(at_lead.locator('#record-facts [data-field="status"]')).to_contain_text(status.label)
    assert at_lead.evaluate("window.stays")
    expect(composer(at_lead).locator("[data-composer-text]")).to_have_value("")
    press(at_lead, "Plan next step")
    expect(at_lead.get_by_role("dialog", name="Next step")).to_be_visible()


def test_what_was_typed_survives_a_reload_and_another_kind(at_lead):
    """DET-3a: a composer closed in the middle keeps its draft; another kind takes the text along; “Discard” forgets."""
    at_lead.get_by_role("textbox", name="Comment").fill("They want sails")
    at_lead.keyboard.press("Escape")
    at_lead.reload()
    expect(at_lead.get_by_role("textbox", name="Comment")).to_have_value("They want sails")
    choose(at_lead, "Meeting")
    expect(composer(at_lead).locator("[data-composer-text]")).to_have_value("They want sails")
    composer(at_lead).get_by_label("Place").fill("Bergen")
    at_lead.goto("/crm/leads/data/")
    at_lead.go_back()
    expect(composer(at_lead).get_by_label("Place")).to_have_value("Bergen")
    expect(composer(at_lead).locator("[data-composer-text]")).to_have_value("They want sails")
    press(composer(at_lead), "Discard")
    expect(at_lead.get_by_role("textbox", name="Comment")).to_have_value("")
    at_lead.reload()
    expect(at_lead.get_by_role("textbox", name="Comment")).to_have_value("")


def test_what_was_typed_survives_an_ended_session(at_lead, seller, new_page):
    """ACC-9: signing in leads back to the record, where it still stands."""
    at_lead.get_by_role("textbox", name="Comment").fill("They want sails")
    cookies = at_lead.context.cookies()
    at_lead.context.clear_cookies()
    press(composer(at_lead), "Add comment")
    expect(at_lead).to_have_url(re.compile("/login/.next="))
    back = re.sub(r".*next=", "", at_lead.url)
    at_lead.context.add_cookies(cookies)
    at_lead.goto(at_lead.evaluate("decodeURIComponent", back))
    expect(at_lead.get_by_role("textbox", name="Comment")).to_have_value("They want sails")
    press(composer(at_lead), "Add comment")
    expect(at_lead.locator("#timeline")).to_contain_text("They want sails")
    at_lead.reload()
    expect(at_lead.get_by_role("textbox", name="Comment")).to_have_value("")


def test_the_page_of_the_composer_keeps_no_draft_of_what_it_stored(at_lead, lead):
    """DET-3a: what was stored on the composer's own page does not come up again on the record's."""
    at_lead.goto(f"/crm/leads/{lead.pk}/compose?kind=task")
    composer(at_lead).locator("[data-composer-text]").fill("Send the offer")
    at_lead.keyboard.press("Control+Enter")
    expect(at_lead).to_have_url(re.compile(f"/crm/leads/{lead.pk}/$"))
    expect(at_lead.locator("#timeline")).to_contain_text("Send the offer")
    expect(at_lead.get_by_role("textbox", name="Comment")).to_have_value("")


def test_a_refusal_stands_at_its_field_and_keeps_the_text(at_lead):
    """FORM-1: the error takes the focus; what was typed can be sent again."""
    choose(at_lead, "Meeting")
    at_lead.keyboard.type("About sails")
    composer(at_lead).get_by_label("End", exact=True).fill("2020-01-01T09:00")
    press(composer(at_lead), "Save meeting")
    expect(composer(at_lead).locator("[data-error-summary]")).to_be_focused()
    expect(composer(at_lead)).to_contain_text("The end is before the start.")
    expect(composer(at_lead).locator("[data-composer-text]")).to_have_value("About sails")
    composer(at_lead).get_by_label("End", exact=True).fill("")
    press(composer(at_lead), "Save meeting")
    expect(at_lead.locator("#timeline")).to_contain_text("About sails")
    expect(composer(at_lead).locator("[data-error-summary]")).to_have_count(0)


def test_a_note_can_be_rich(at_lead):
    """DET-3: the text typed so far comes along into the editor."""
    at_lead.get_by_role("textbox", name="Comment").fill("They want <sails>")
    press(composer(at_lead), "Rich text")
    editor = composer(at_lead).locator("trix-editor")
    expect(editor).to_be_focused()
    expect(editor).to_contain_text("They want <sails>")
    press(composer(at_lead), "Add comment")
    expect(at_lead.locator("#timeline")).to_contain_text("They want <sails>")


def test_signing_out_forgets_the_drafts(at_lead):
    """SEC: who shares a computer does not find what somebody else has typed."""
    at_lead.get_by_role("textbox", name="Comment").fill("They want sails")
    count = "Object.keys(localStorage).filter((name) => name.startsWith('kanal.draft.')).length"
    assert at_lead.evaluate(count) == 1
    press(at_lead, "Your account")
    at_lead.get_by_role("menuitem", name="Sign out").click()
    expect(at_lead).to_have_url(re.compile("/login/"))
    assert at_lead.evaluate(count) == 0


def test_the_composer_fits_a_phone(new_page, seller, lead):
    """UX-1: at 360 pixels nothing overflows, and its targets are 44 pixels high on touch."""
    page = new_page(user=seller, width=360, height=740)
    page.goto(f"/crm/leads/{lead.pk}/")
    for kind in ("Call", "Meeting", "E-mail", "Task"):
        choose(page, kind)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
