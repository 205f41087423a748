"""Settings → Performance: an administrator finds a slow page and a slow statement, with its plan (REL-4)."""

import datetime as dt
import re

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from kanal.core.observability import RequestTrace, tracing
from kanal.features.performance import reading, store
from kanal.features.performance.durations import LIMITS, added, bucket_index, quantile
from kanal.features.performance.models import RouteTime, SlowStatement
from kanal.kit.errors import Refused


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Begin and end with nothing in memory, for requests of any test are kept there."""
    store._times.clear()
    store._statements.clear()
    yield
    store._times.clear()
    store._statements.clear()


def finished(name="GET crm/leads/", seconds=0.1, kind="page", **values):
    return RequestTrace(kind, name, seconds=seconds, **values)


@given(st.lists(st.floats(min_value=0.0001, max_value=250), min_size=1))
def test_a_quantile_lies_in_the_class_of_the_duration(durations):
    """REL-4: p50 and p95 from counts are off by less than the width of a class, whichever way they are added up."""
    counts = [0] * (len(LIMITS) + 1)
    halves = [list(counts), list(counts)]
    for number, seconds in enumerate(durations):
        counts[bucket_index(seconds)] += 1
        halves[number % 2][bucket_index(seconds)] += 1
    assert added(halves) == counts
    exact = sorted(durations)[max(0, -(-len(durations) // 2) - 1)]
    place = bucket_index(exact)
    median = quantile(counts, 0.5)
    assert (LIMITS[place - 1] if place else 0) <= median <= LIMITS[place]


def test_two_processes_add_to_the_same_hour(db):
    """REL-4: what each process writes is added up by the database."""
    for seconds in (0.004, 0.004, 0.4):
        store.queue_trace(finished(seconds=seconds, statements=5, statement_seconds=0.002, failed=seconds > 0.1))
        store.flush_traces()
    row = RouteTime.objects.get()
    assert (row.count, row.failures, row.statements, sum(row.durations)) == (3, 1, 15, 3)
    assert (row.durations[bucket_index(0.004)], row.durations[bucket_index(0.4)]) == (2, 1)
    [slowest] = reading.slowest(1)
    assert slowest.p50 < 10
    assert slowest.p95 > 300
    assert slowest.statements == 5


def test_names_that_are_known_count_on_where_no_further_one_fits(monkeypatch):
    """REL-4: addresses that nobody foresaw fill no memory, and hide no page."""
    monkeypatch.setattr(store, "MOST_NAMES", 1)
    for name in ("GET a", "GET b", "GET a"):
        store.queue_trace(finished(name))
    assert {key[2]: times.count for key, times in store._times.items()} == {"GET a": 2}


def test_the_costliest_stand_first_and_old_hours_are_left_out(db):
    """REL-4: share of all time decides; an hour outside of the period does not count."""
    for name, seconds in (("GET a", 0.1), ("GET b", 0.5), ("GET b", 0.5)):
        store.queue_trace(finished(name, seconds))
    store.queue_trace(finished("test.job", 2, "job"))
    assert [(row.name, row.count) for row in reading.slowest(1)] == [("GET b", 2), ("GET a", 1)]
    assert [row.name for row in reading.slowest(1, "job")] == ["test.job"]
    RouteTime.objects.filter(name="GET b").update(hour=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert [row.name for row in reading.slowest(24)] == ["GET a"]
    store.forget_old()
    assert not RouteTime.objects.filter(name="GET b").exists()


def test_a_slow_statement_is_kept_without_its_values(db, monkeypatch):
    """REL-4, SEC-2: text, origin, count and time; lists of any length are one statement; no value is stored."""
    monkeypatch.setattr("kanal.core.observability.request_trace.SLOW_SECONDS", 0)
    for names in (["Ola", "Kari"], ["Ola", "Kari", "Nordmann"]):
        with tracing(finished()) as tally, connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(names))
            cursor.execute(f"SELECT id FROM people_user WHERE last_name IN ({marks}) AND first_name <> 'Secret'", names)
        store.queue_trace(tally)
    [row] = reading.slow_statements()
    assert row.text == "SELECT id FROM people_user WHERE last_name IN (%s) AND first_name <> %s"
    assert (row.count, row.origin) == (2, "GET crm/leads/")


def test_the_plan_of_a_statement(db):
    """REL-4: the server says how it would run the statement for any values; nothing is executed."""
    text = 'DELETE FROM "people_user" WHERE "id" = %s AND last_name LIKE %s AND 5 %% 2 = 1'
    row = SlowStatement(text=text)
    assert "people_user" in reading.plan_of(row)
    assert "Delete on people_user" in reading.plan_of(row)


@pytest.mark.parametrize("text", ["COPY people_user TO STDOUT", "SELECT 1; DROP TABLE people_user", "SELECT nothing"])
def test_what_has_no_plan_says_so(db, text):
    """REL-4, SEC-3: only a single statement is planned; a refusal is a sentence and leaves the connection usable."""
    with pytest.raises(Refused):
        reading.plan_of(SlowStatement(text=text))
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_an_administrator_sees_it_and_nobody_else(client, admin, make_user):
    """REL-4, ACC-2: pages with their times, statements with their plan."""
    store.queue_trace(finished("GET crm/slowest/", 4.2, slow=[("SELECT id FROM people_user WHERE id = %s", 3.0)]))
    client.force_login(admin)
    page = client.get("/settings/performance/?hours=1").content.decode()
    assert "GET crm/slowest/" in page
    statement = SlowStatement.objects.get()
    address = f"/settings/performance/statements/{statement.pk}/"
    assert address in page
    assert re.search(r"Scan[^<]* on people_user", client.get(address).content.decode())
    assert client.get("/settings/performance/statements/999999/").status_code == 404
    client.force_login(make_user())
    assert [client.get(url).status_code for url in ("/settings/performance/", address)] == [403, 403]


def test_statistics_of_the_server_are_left_out_where_there_are_none(db):
    """REL-4: without pg_stat_statements the page has our own list alone, and no error."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_stat_statements') IS NULL")
        absent = cursor.fetchone()[0]
    assert (reading.server_statistics() is None) == absent
