"""An all-day activity is on its day for everybody, wherever they are (HIST-1a, ACT-1)."""

import csv
import datetime as dt
import importlib
import io
import itertools
import json
import re

import pytest
from django.apps import apps

from kanal.core import access, context, history, registry, tokens, writes
from kanal.core.actor import Actor
from kanal.core.listing import ListQuery, read_page
from kanal.core.query import parse
from kanal.entities.accounts.tests.factories import make_account, make_user
from kanal.entities.activities.models import Activity

ZONES = ["Pacific/Kiritimati", "Europe/Oslo", "Pacific/Pago_Pago", "America/Vancouver"]
EVE = dt.date(2026, 12, 24)
ENTITY = "activities"


@pytest.fixture(params=ZONES)
def author(request, db):
    """Return who writes."""
    return make_user("", user_type="administrator", time_zone=request.param)


@pytest.fixture(params=ZONES)
def reader(request, db):
    """Return who reads."""
    return make_user("", user_type="administrator", time_zone=request.param)


def write(author, **values):
    """Write an activity as a form gives it: moments without an offset, in the author's zone."""
    values = {"subject": "Closed", "category": "note", "account": make_account().pk, "all_day": True, **values}
    with context.Context.of(author).active():
        return writes.create(registry.get(ENTITY), values, by=Actor(author))


def found(reader, text):
    """Return whether a filter finds anything for a reader."""
    with context.Context.of(reader).active():
        return bool(read_page(ListQuery(registry.get(ENTITY), reader, parse(text), columns=("subject", "start"))).rows)


@pytest.mark.parametrize("typed", ["2026-12-24T00:00", "2026-12-24T15:30", "2026-12-24", "2026-12-24T00:00:00Z"])
def test_its_day_is_the_same_for_everybody(author, reader, typed):
    """HIST-1a: 24 December is 24 December on Kiritimati and in Pago Pago, however it was typed."""
    row = write(author, start=typed)
    assert (row.start_day, row.end_day) == (EVE, EVE)
    assert found(reader, "start:is(2026-12-24);end:is(2026-12-24)")
    assert found(reader, "start:between(2026-12-24,2026-12-24)")
    assert found(reader, "start:after(2026-12-23);start:before(2026-12-25)")
    assert not found(reader, "start:before(2026-12-24)")
    assert not found(reader, "start:after(2026-12-24)")
    assert found(reader, "!start:is(2026-12-23)")


def test_it_is_shown_as_a_day_on_every_channel(client, author, reader):
    """HIST-1a: list, page, form, file, API, history and timeline name the day and no time."""
    row = write(author, start="2026-12-24T00:00", end="2026-12-26T00:00")
    token = tokens.create_token(reader, "test")
    answer = client.get(f"/api/v1/activities/{row.pk}", headers={"Authorization": f"Bearer {token}"}).json()
    assert (answer["start"], answer["end"]) == ("2026-12-24", "2026-12-26")
    client.force_login(reader)
    streamed = client.get("/crm/activities/data/export.csv?columns=subject,start,end").streaming_content
    [line] = csv.DictReader(io.StringIO(b"".join(streamed).decode().removeprefix("\ufeff")))
    assert (line["Start"], line["End"]) == ("2026-12-24", "2026-12-26")
    assert 'value="2026-12-24T00:00"' in client.get(f"/crm/activities/{row.pk}/edit").content.decode()
    for url in ("/crm/activities/data/?columns=subject,start", f"/crm/activities/{row.pk}/"):
        page = client.get(url).content.decode()
        assert "24" in page
        assert "2026-12-23" not in page
        assert "12:00" not in page
    page = client.get(f"/crm/accounts/{row.account_id}/").content.decode()
    assert 'datetime="2026-12-24"' in page
    changes = history.entries_of(reader, registry.get(ENTITY), row.pk)[0].differences
    assert {change.field.key: change.new for change in changes if change.field.key in ("start", "end")} == {
        "start": "2026-12-24", "end": "2026-12-26",
    }  # fmt: skip


def test_a_group_of_days_holds_moments_and_whole_days(author, reader):
    """LIST-1: the reader's day of a moment, the day itself of a whole day."""
    write(author, start="2026-12-24T00:00")
    with context.Context.of(reader).active():
        write(reader, start="2026-12-24T13:00", all_day=False)
    from kanal.core.aggregation import Aggregation, Dimension, aggregate

    with context.Context.of(reader).active():
        ask = ListQuery(registry.get(ENTITY), reader)
        groups = aggregate(Aggregation(ask, dimensions=(Dimension("start"),))).groups
        assert [(group.keys, group.count) for group in groups] == [((EVE,), 2)]


AROUND = [f"2026-12-{day:02}T{hour:02}:30:00Z" for day in (23, 24, 25) for hour in (0, 9, 10, 11, 12, 13, 23)]


def lists(reader, sort, limit):
    """Return the pages of a list of all activities, read forwards, then backwards from the end."""
    with context.Context.of(reader).active():
        ask = ListQuery(registry.get(ENTITY), reader, columns=("subject", "start"), sort=sort, limit=limit)
        there, back = [read_page(ask)], []
        while there[-1].next:
            there.append(read_page(ask.but(cursor=there[-1].next)))
        back = [there[-1]]
        while back[-1].previous:
            back.append(read_page(ask.but(cursor=back[-1].previous)))
    return there, back[::-1]


SORTS = ["start", "-start", "start,subject", "-start,-subject", "done,start", "done,-start"]


@pytest.fixture
def december(reader):
    """Make whole days and moments around Christmas, and an activity without either."""
    account = make_account().pk
    for day in (23, 24, 24, 25, 26):
        write(reader, start=f"2026-12-{day}", account=account)
    for moment in AROUND:
        write(reader, start=moment, all_day=False, account=account)
    write(reader, all_day=False, account=account)


def test_a_list_stands_in_the_order_of_the_readers_days(reader, december):
    """LIST-1, LIST-9: a whole day begins its day, so that each day is one run of rows, page after page."""
    zone, everything = context.Context.of(reader).tzinfo, sorted(Activity.objects.values_list("pk", flat=True))
    for sort, limit in itertools.product(SORTS, (1, 4, 50)):
        there, back = lists(reader, sort, limit)
        rows = [row for page in there for row in page.rows]
        assert sorted(row.id for row in rows) == everything
        starts = [row.values["start"] for row in rows]
        assert starts.pop() is None
        days = [start.astimezone(zone).date() if isinstance(start, dt.datetime) else start for start in starts]
        keys = [(day, isinstance(start, dt.datetime), str(start)) for day, start in zip(days, starts, strict=True)]
        assert keys == sorted(keys, reverse="-start" in sort)
        if len(back) == len(there):
            assert [row.id for page in back for row in page.rows] == [row.id for row in rows]


def test_a_list_grouped_by_day_names_each_day_once(client, reader, december):
    """LIST-1: sorted and grouped by the same day, with the day and no time in its head."""
    client.force_login(reader)
    for sort in ("start", "-start"):
        page = client.get(f"/crm/activities/data/?group=start&sort={sort}&limit=100").content.decode()
        heads = re.findall(r'<tr class="group"><th[^>]*><span class="cluster">(.*?)<span', page)
        assert len(heads) == len(set(heads)) > 3
        assert not [head for head in heads if re.search(r"\d:\d\d<", head)]


def test_it_becomes_a_moment_and_a_day_again(author):
    """ACT-1: without “All day” it begins at midnight for who writes; with it, it is that day again."""
    row = write(author, start="2026-12-24")
    zone = context.Context.of(author)
    with zone.active():
        row = writes.change(row, {"all_day": False}, by=Actor(author))
        assert row.start.astimezone(zone.tzinfo).replace(tzinfo=None) == dt.datetime(2026, 12, 24)
        assert row.start_day is None
        row = Activity.objects.get(pk=row.pk)
        row = writes.change(row, {"all_day": True}, by=Actor(author))
        assert (row.start_day, row.end_day) == (EVE, EVE)
        row = writes.change(Activity.objects.get(pk=row.pk), {"start": "2026-12-22T10:00"}, by=Actor(author))
    assert (row.start_day, row.end_day) == (dt.date(2026, 12, 22), EVE)


def test_a_day_alone_is_a_whole_day_by_api_too(client, author):
    """API-1: what the API gives, it takes; a day without a time is a whole day until it is said that it is none."""
    headers = {"Authorization": f"Bearer {tokens.create_token(author, 'test')}"}
    given = {"subject": "Closed", "category": "note", "account": make_account().pk, "start": "2026-12-24"}

    def send(method, url, values):
        answer = client.generic(method, url, json.dumps(values), content_type="application/json", headers=headers)
        return client.get(f"/api/v1/activities/{answer.json()['id']}", headers=headers).json()

    made = send("POST", "/api/v1/activities", given)
    assert (made["start"], made["all_day"]) == ("2026-12-24", True)
    url = f"/api/v1/activities/{made['id']}"
    assert send("PATCH", url, {"start": made["start"], "end": made["end"]})["start"] == "2026-12-24"
    timed = send("PATCH", url, {"all_day": False})
    assert not timed["all_day"]
    moment = dt.datetime.fromisoformat(timed["start"])
    assert moment.astimezone(context.Context.of(author).tzinfo).replace(tzinfo=None) == dt.datetime(2026, 12, 24)


def test_days_that_were_stored_as_midnight_are_kept(author):
    """The migration takes the day from the zone in which it was midnight."""
    zone = context.Context.of(author).tzinfo
    row = write(author, start="2026-12-24")
    midnight = dt.datetime(2026, 12, 24, tzinfo=zone)
    Activity.objects.filter(pk=row.pk).update(
        start=midnight, end=midnight, start_day=None, end_day=None, created_by=author
    )
    importlib.import_module("kanal.entities.activities.migrations.0004_days_of_all_day_activities").fill(apps, None)
    row.refresh_from_db()
    assert (row.start_day, row.end_day) == (EVE, EVE)
    assert access.has_permission(author, registry.get(ENTITY), "view")
