"""Reads that may lag: which go to the replica, and that everybody sees their own writes (SCALE-1).

With a real primary server, a streaming replica and PgBouncer it is tried by `deploy/try_cluster.py`.
"""

from types import SimpleNamespace

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from kanal.core import replica
from kanal.core.models import Role, Setting
from kanal.entities.leads.models import Lead
from kanal.entities.people.models import User
from kanal.web import replica_middleware

ROUTER = replica.Router()


def test_records_alone_are_read_from_the_replica_and_only_where_a_page_may_lag():
    assert ROUTER.db_for_read(Lead) == "default"
    with replica.lagging():
        assert ROUTER.db_for_read(Lead) == "replica"
        for model in (User, Role, Setting):
            assert ROUTER.db_for_read(model) == "default", model
        assert ROUTER.db_for_write(Lead) == "default"
    assert ROUTER.db_for_read(Lead) == "default"
    assert not ROUTER.allow_migrate("replica", "leads")


def test_positions_in_the_log_are_compared_as_numbers():
    assert replica.number_of("1/0") > replica.number_of("0/FFFFFFFF")
    for wrong in ("", "0", "0/0; DROP", "G/0", "123456789/0"):
        with pytest.raises(ValueError, match=wrong or "^$"):
            replica.number_of(wrong)


def test_without_a_replica_nothing_stands_between():
    with pytest.raises(MiddlewareNotUsed):
        replica_middleware.Lagging(lambda request: HttpResponse())


@pytest.fixture
def ask(monkeypatch):
    """Return a caller of a page with a replica at some position, which says where it was read."""
    monkeypatch.setattr(replica, "is_used", lambda: True)
    monkeypatch.setattr(replica, "current_lsn", lambda: "0/500")

    def page(reached, name="leads-list", method="get", cookie="", answer=None):
        monkeypatch.setattr(replica, "has_reached", lambda wanted: reached >= wanted)
        request = getattr(RequestFactory(), method)("/")
        request.resolver_match = SimpleNamespace(url_name=name)
        if cookie:
            request.COOKIES[replica_middleware.COOKIE] = cookie
        read: list[str] = []

        def view(request):
            middleware.process_view(request, None, (), {})
            read.append(ROUTER.db_for_read(Lead))
            return answer(read) if answer else HttpResponse()

        middleware = replica_middleware.Lagging(view)
        response = middleware(request)
        assert ROUTER.db_for_read(Lead) == "default"
        return read, response

    return page


@pytest.mark.parametrize(
    ("name", "method", "server"),
    [
        ("leads-list", "get", "replica"),
        ("project-leads-board", "get", "replica"),
        ("search", "get", "replica"),
        ("leads-detail", "get", "default"),
        ("leads-list", "post", "default"),
        (None, "get", "default"),
    ],
)
def test_pages_are_read_where_they_may_be(ask, name, method, server):
    assert ask(0x400, name, method)[0] == [server]


def test_after_a_write_the_browser_keeps_the_position_until_it_is_reached(ask):
    _read, response = ask(0x400, "leads-new", "post")
    assert response.cookies[replica_middleware.COOKIE].value == "0/500"
    assert response.cookies[replica_middleware.COOKIE]["httponly"]
    read, response = ask(0x400, cookie="0/500")
    assert read == ["default"]
    assert replica_middleware.COOKIE not in response.cookies
    read, response = ask(0x500, cookie="0/500")
    assert read == ["replica"]
    assert response.cookies[replica_middleware.COOKIE].value == ""


def test_a_cookie_of_somebody_elses_making_does_no_harm(ask):
    assert ask(0x400, cookie="'; DROP TABLE")[0] == ["replica"]


def test_a_page_that_the_replica_can_not_give_is_read_from_the_primary_server(ask):
    read, response = ask(0x400, answer=lambda read: HttpResponse(status=503 if read[-1] == "replica" else 200))
    assert (read, response.status_code) == (["replica", "default"], 200)


def test_a_streamed_export_is_read_from_the_replica_to_its_end(ask):
    def parts(read):
        def rows():
            for _each in range(2):
                read.append(ROUTER.db_for_read(Lead))
                yield b"row"

        return StreamingHttpResponse(rows())

    read, response = ask(0x400, "leads-list-export-csv", answer=parts)
    assert b"".join(response.streaming_content) == b"rowrow"
    assert read == ["replica"] * 3


def test_a_replica_that_does_not_answer_is_left_alone_for_a_while(monkeypatch):
    asked: list[float] = []

    def fail(now):
        asked.append(now)
        replica.leave_alone(now)

    monkeypatch.setattr(replica, "_state", replica.State())
    monkeypatch.setattr(replica, "poll_replica", fail)
    assert not replica.has_reached(0)
    assert not replica.has_reached(0)
    assert len(asked) == 1
