"""PostgreSQL gone, a full disk: a clear sentence with 503, and pages again as soon as it is back (REL-4)."""

import errno
import json
import time

import psycopg
import pytest
from django.db import OperationalError
from django.test import RequestFactory
from psycopg import errors
from psycopg_pool import PoolTimeout

from kanal.web import outage
from kanal.web.errors import server_error


def wrapped(cause):
    """Return Django's error of one of psycopg's."""
    try:
        try:
            raise cause
        except psycopg.Error as problem:
            raise OperationalError(str(problem)) from problem
    except OperationalError as made:
        return made


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (psycopg.OperationalError("connection refused"), "gone"),
        (PoolTimeout("no connection after 5 s"), "gone"),
        (errors.AdminShutdown("terminating connection"), "gone"),
        (errors.CannotConnectNow("the database system is starting up"), "gone"),
        (errors.TooManyConnections("sorry, too many clients already"), "gone"),
        (errors.DiskFull("could not extend file: No space left on device"), "full"),
        (errors.DeadlockDetected("deadlock detected"), ""),
        (errors.QueryCanceled("canceling statement"), ""),
    ],
)
def test_an_outage_is_known_by_its_error(problem, kind):
    assert outage.kind_of(wrapped(problem)) == kind


def test_a_full_disk_of_files_is_known_and_other_faults_are_none():
    assert outage.kind_of(OSError(errno.ENOSPC, "No space left on device")) == "full"
    assert outage.kind_of(OSError(errno.EACCES, "Permission denied")) == ""
    assert outage.kind_of(ValueError("of our own")) == ""


def answer(path, problem, method="get", **headers):
    """Return what is answered for an error that is being handled."""
    try:
        raise problem
    except Exception:
        return server_error(getattr(RequestFactory(), method)(path, headers=headers))


def test_a_page_says_so_and_asks_again_by_itself():
    page = answer("/crm/leads/data/", wrapped(psycopg.OperationalError("connection refused")))
    assert (page.status_code, page["Retry-After"], page["Refresh"]) == (503, "5", "5")
    assert "reach its database" in page.content.decode()


def test_a_form_that_was_sent_is_not_sent_again_by_itself():
    page = answer("/crm/leads/new", wrapped(errors.DiskFull("No space left on device")), "post")
    assert page.status_code == 503
    assert "Refresh" not in page
    assert "The disk is full" in page.content.decode()


def test_a_script_gets_a_sentence_and_the_api_a_problem():
    problem = OSError(errno.ENOSPC, "No space left on device")
    text = answer("/crm/leads/data/", problem, **{"HX-Request": "true"})
    assert (
        text.content.decode() == "The disk is full. Nothing was saved. Tell your administrator that the disk is full."
    )
    payload = json.loads(answer("/api/v1/leads", problem).content)
    assert (payload["status"], payload["title"]) == (503, "The disk is full")


def test_a_fault_of_our_own_stays_one():
    assert answer("/", ValueError("of our own")).status_code == 500


def until(ask, status):
    """Ask until there is this answer; a minute is too long."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            answered = ask()
        except OSError:
            answered = (0, {}, "")
        if answered[0] == status:
            return answered
    pytest.fail(f"no {status} within a minute, but {answered}")


def test_pages_answer_while_the_database_is_gone_and_work_again_when_it_is_back(door, served):
    """The pages are asked for as scripts do: no static files are collected here."""
    token, session = {"Authorization": "Bearer kanal_x"}, {"Cookie": f"sessionid={'x' * 32}", "HX-Request": "true"}
    until(lambda: served("/readyz"), 200)
    assert served("/api/v1/leads", **token)[0] == 401
    door.shut()
    status, headers, text = served("/crm/leads/data/", **session)
    assert (status, headers["Retry-After"]) == (503, "5")
    assert "reach its database" in text
    status, headers, _text = served("/api/v1/leads", **token)
    assert (status, headers["Content-Type"]) == (503, "application/problem+json")
    assert served("/healthz")[0] == 200
    assert served("/readyz")[0] == 503
    door.open()
    until(lambda: served("/readyz"), 200)
    for _each in range(20):
        assert served("/api/v1/leads", **token)[0] == 401


def test_a_killed_server_leaves_no_process_that_answers_with_old_code(web):
    """REL-1: its web processes end with it, though nobody asks them to."""
    until(lambda: web.get("/healthz"), 200)
    web.process.kill()
    web.process.wait()
    until(lambda: answers(web), False)


def answers(web):
    """Return whether anybody still answers, in the form that `until` reads."""
    try:
        web.get("/healthz")
    except OSError:
        return (False,)
    return (True,)


def test_a_fault_of_the_error_page_itself_is_one_plain_sentence(monkeypatch):
    """REL-4: where the front end is not built, no page can be shown; the answer still says which request it was."""

    def broken(*_given):
        raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr("kanal.web.errors.render_to_string", broken)
    page = answer("/crm/leads/data/", ValueError("of our own"))
    assert (page.status_code, page["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert page.content.decode().startswith("Something went wrong on our side. Request: ")
