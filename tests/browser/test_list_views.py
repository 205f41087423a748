"""Calendar and map as people use them: by mouse, by keyboard, on a phone (LIST-8, ACT-2)."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from kanal.core.context import today
from kanal.entities.accounts.tests.factories import make_account
from kanal.entities.activities.models import Activity
from kanal.entities.leads.tests.factories import make_activity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def mid_month():
    return today().replace(day=14)


def make_meeting():
    start = dt.datetime.combine(mid_month(), dt.time(9, 30), tzinfo=dt.UTC)
    return make_activity(account=make_account().pk, subject="Kick-off", start=start)


def test_a_meeting_moves_by_keyboard(desk):
    meeting = make_meeting()
    desk.goto(f"/crm/activities/calendar/?at={mid_month()}")
    card = desk.locator(f'[data-record="{meeting.pk}"]')
    card.focus()
    desk.keyboard.press("Space")
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowDown")
    with desk.expect_response(lambda response: "/calendar/move" in response.url) as moved:
        desk.keyboard.press("Space")
    assert moved.value.status == 204
    assert Activity.objects.get(pk=meeting.pk).start.date() == mid_month() + dt.timedelta(days=8)


def test_a_meeting_moves_by_mouse(desk):
    meeting = make_meeting()
    desk.goto(f"/crm/activities/calendar/?at={mid_month()}")
    target = mid_month() + dt.timedelta(days=2)
    expect(desk.locator(".calendar-events.draggable").first).to_be_attached()
    with desk.expect_response(lambda response: "/calendar/move" in response.url):
        desk.locator(f'[data-record="{meeting.pk}"]').drag_to(desk.locator(f'[data-value="{target}"] .calendar-events'))
    assert Activity.objects.get(pk=meeting.pk).start.date() == target


def test_a_calendar_that_nobody_may_change_has_no_errors(desk):
    """LIST-8: leads have no date that can be moved; an error in a page fails the test."""
    desk.goto("/crm/leads/calendar/")
    expect(desk.locator("[data-board-list]").first).to_be_attached()
    expect(desk.locator("[data-move-url]")).to_have_count(0)
    desk.wait_for_load_state("networkidle")
    expect(desk.locator(".calendar-events.draggable")).to_have_count(0)


def test_the_switch_keeps_the_filter(desk):
    make_meeting()
    desk.goto("/crm/activities/data/?filter=subject:is(Kick-off)")
    views = desk.get_by_role("navigation", name="View")
    views.get_by_role("link", name="Calendar").click()
    assert "subject:is(Kick-off)" in desk.url
    views.get_by_role("link", name="Chart").click()
    expect(desk.locator(".chart")).to_be_visible()
    desk.get_by_label("Group by").select_option("category")
    expect(desk.locator(".chart-label").first).to_have_text("Call")
