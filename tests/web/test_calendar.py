"""The calendar of a list: what it shows, and what a drag to another day changes (LIST-8, ACT-2)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.models import FieldVisibility
from kanal.entities.accounts.tests.factories import make_account, make_project
from kanal.entities.leads.tests.factories import make_activity, make_user

pytestmark = pytest.mark.django_db
OSLO = ZoneInfo("Europe/Oslo")
URL = "/crm/activities/calendar/"


@pytest.fixture
def browser(client):
    client.force_login(make_user(user_type="administrator", time_zone="Europe/Oslo"))
    return client


def call_at(*moment, **values):
    start = dt.datetime(*moment, tzinfo=OSLO)
    return make_activity(account=make_account().pk, start=start, **values)


def page_of(browser, query=""):
    response = browser.get(f"{URL}?at=2026-10-20{query}")
    assert response.status_code == 200
    return response.content.decode()


def day_in(page, day):
    """Return the part of the page with a day."""
    start = page.index(f'data-value="{day}"')
    return page[start : page.find("data-value=", start + 1)]


def test_records_stand_on_the_readers_day(browser):
    """A call at half past midnight in Oslo is on the day of Oslo, not of UTC."""
    call_at(2026, 10, 15, 0, 30, subject="Night call")
    call_at(2027, 10, 15, 9, 0, subject="Next year")
    page = page_of(browser)
    assert "Night call" in day_in(page, "2026-10-15")
    assert "00:30" in day_in(page, "2026-10-15")
    assert "Next year" not in page
    assert "October 2026" in page


def test_the_filter_of_the_list_applies(browser):
    call_at(2026, 10, 15, 9, 0, subject="One call")
    call_at(2026, 10, 15, 9, 0, subject="Other")
    page = page_of(browser, "&filter=subject:is(Other)")
    assert "Other" in day_in(page, "2026-10-15")
    assert "One call" not in page
    wrong = browser.get(f"{URL}?filter=nothing:is(1)").content.decode()
    assert "Edit the filter" in wrong


def test_a_full_day_says_how_many_more_there_are(browser):
    for number in range(6):
        call_at(2026, 10, 15, 9, number, subject=f"Call {number}")
    day = day_in(page_of(browser), "2026-10-15")
    assert day.count("data-record=") == 4
    assert "2 more" in day
    assert page_of(browser, "&span=day").count("data-record=") == 0
    assert browser.get(f"{URL}?at=2026-10-15&span=day").content.decode().count("data-record=") == 6


def test_the_statements_do_not_grow_with_the_records(browser):
    call_at(2026, 10, 15, 9, 0)
    page_of(browser)
    with CaptureQueriesContext(connection) as before:
        page_of(browser)
    for number in range(8):
        call_at(2026, 10, 16, 9, number)
    with CaptureQueriesContext(connection) as after:
        page_of(browser)
    assert len(after) == len(before)


def test_a_drag_keeps_the_time_and_moves_the_end_along(browser):
    """ACT-2: over the end of summer time it stays at nine o'clock."""
    call = call_at(2026, 10, 20, 9, 0, end=dt.datetime(2026, 10, 20, 10, 30, tzinfo=OSLO))
    assert browser.post(f"{URL}move", {"record": call.pk, "value": "2026-10-27"}).status_code == 204
    call.refresh_from_db()
    assert call.start.astimezone(OSLO) == dt.datetime(2026, 10, 27, 9, 0, tzinfo=OSLO)
    assert call.end.astimezone(OSLO) == dt.datetime(2026, 10, 27, 10, 30, tzinfo=OSLO)


def test_a_whole_day_stays_one(browser):
    fair = make_activity(account=make_account().pk, start=dt.date(2026, 10, 20), all_day=True)
    assert browser.post(f"{URL}move", {"record": fair.pk, "value": "2026-10-22"}).status_code == 204
    fair.refresh_from_db()
    assert fair.start_day == dt.date(2026, 10, 22)


@pytest.mark.parametrize("value", ["", "tomorrow", "2026-13-01", "0001-01-01"])
def test_a_day_that_is_none_is_refused(browser, value):
    call = call_at(2026, 10, 20, 9, 0)
    assert browser.post(f"{URL}move", {"record": call.pk, "value": value}).status_code == 422
    before = call.start
    call.refresh_from_db()
    assert call.start == before


def test_who_may_not_edit_moves_nothing(client):
    call = call_at(2026, 10, 20, 9, 0)
    client.force_login(make_user("all", ["view"], ["activities", "accounts"]))
    assert "data-move-url" not in page_of(client)
    assert "data-record" in page_of(client)
    assert client.post(f"{URL}move", {"record": call.pk, "value": "2026-10-22"}).status_code == 403


def test_a_hidden_date_has_no_calendar(client):
    """ACC-6: nobody learns a date from where a record stands."""
    call_at(2026, 10, 20, 9, 0)
    client.force_login(make_user("all", ["view"], ["activities", "accounts"]))
    for field in ("start", "end", "done_at"):
        FieldVisibility.objects.create(entity="activities", field=field)
    response = client.get(URL)
    assert response.status_code == 404
    assert "Activities have nothing that the view “Calendar” could show." in response.content.decode()


def test_a_type_without_dates_says_so(browser):
    """Issue: a view of a type without dates gets a clear answer."""
    assert not registry.get("products").listing.dates
    response = browser.get("/pricing/products/calendar/")
    assert response.status_code == 404
    assert "Products have nothing that the view “Calendar” could show." in response.content.decode()


def test_a_move_whose_end_would_be_after_the_last_day_is_refused(browser):
    """LIST-8: with a text at the day, and nothing is changed."""
    values = {"name": "Fair", "project": make_project().pk, "start": "2026-10-20", "end": "2026-10-25"}
    fair = writes.create(registry.get("campaigns"), values, by=SYSTEM)
    response = browser.post("/crm/campaigns/calendar/move", {"record": fair.pk, "value": "9999-12-30"})
    assert response.status_code == 422
    assert "after the last day of the calendar" in response.content.decode()
    fair.refresh_from_db()
    assert fair.start == dt.date(2026, 10, 20)
