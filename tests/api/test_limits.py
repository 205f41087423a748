"""ACC-9, SEC-2: limits of requests, counted over all processes; logging in has those of allauth."""

import json

import pytest
import time_machine
from django.db import connection
from django.test import Client

from kanal.api import rate_limiting
from kanal.api.models import Spent
from kanal.core import settings, tokens
from kanal.entities.intake.tests.test_actions import make_source
from tests.api.conftest import SHIPS

NOON = "2026-03-02T12:00:20+00:00"


@pytest.fixture(autouse=True)
def _at_noon(db):
    """Stand at one moment of a minute, with nothing spent."""
    rate_limiting._shares.clear()
    with time_machine.travel(NOON, tick=False):
        yield
    rate_limiting._shares.clear()


def another_process():
    """Forget what this process holds, as another one would know nothing of it."""
    rate_limiting._shares.clear()


def test_a_token_has_its_limit_and_is_told_when_to_go_on(call, make_user):
    """ACC-9: 429 with Retry-After; other tokens and the next minute are free."""
    settings.set_setting("api.requests_per_minute", 3)
    assert [call("GET", SHIPS)[0] for _ in range(4)] == [200, 200, 200, 429]
    status, data, response = call("GET", SHIPS)
    assert (status, response["Content-Type"], response["Retry-After"]) == (429, "application/problem+json", "41")
    assert "41" in data["detail"]
    assert call("GET", SHIPS, user=make_user(user_type="administrator"))[0] == 200
    with time_machine.travel("2026-03-02T12:01:01+00:00", tick=False):
        assert call("GET", SHIPS)[0] == 200


def test_a_limit_holds_over_all_processes(call):
    """SEC-2: the count is shared, never more than the limit is let through."""
    settings.set_setting("api.requests_per_minute", 100)
    done = 0
    for _number in range(130):
        if _number % 7 == 0:
            another_process()
        done += call("GET", f"{SHIPS}?limit=1")[0] == 200
    assert 80 <= done <= 100
    another_process()
    assert call("GET", SHIPS)[0] == 429


def test_a_request_costs_no_statement_of_its_own(make_user, django_assert_num_queries):
    """SEC-2: one statement for a fiftieth of the limit, none for the others."""
    settings.set_setting("api.requests_per_minute", 500)
    rate_limiting.consume("api.requests_per_minute", "x")
    with django_assert_num_queries(0):
        for _ in range(9):
            rate_limiting.consume("api.requests_per_minute", "x")
    with django_assert_num_queries(1):
        rate_limiting.consume("api.requests_per_minute", "x")
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'api_spent'")
        assert cursor.fetchone() == ("u",)


def test_nothing_is_no_limit(call):
    """SET-5: 0 switches a limit off."""
    settings.set_setting("api.requests_per_minute", 0)
    assert {call("GET", f"{SHIPS}?limit=1")[0] for _ in range(20)} == {200}
    assert not Spent.objects.exists()


def test_counts_of_earlier_minutes_go(call):
    """SEC-2: the job leaves nothing behind."""
    call("GET", SHIPS)
    with time_machine.travel("2026-03-02T12:05:00+00:00", tick=False):
        rate_limiting.drop_old()
    assert not Spent.objects.exists()


def test_the_intake_has_limits_by_source_address_and_visitor(client):
    """INTAKE-5, SEC-2: each is counted by itself; the answer is a problem document that a web page can read."""
    source, other = make_source(allowed_web_origins="https://www.kanal.example"), make_source()

    def post(key, number, address="192.0.2.1", **headers):
        return client.post(
            f"/api/v1/intake/{key}", json.dumps({"email": f"a{number}@b.example"}), content_type="application/json",
            headers=headers, REMOTE_ADDR=address,
        )  # fmt: skip

    settings.set_setting("intake.posts_per_address", 2)
    assert [post(source.key, number).status_code for number in range(3)] == [202, 202, 429]
    assert post(source.key, 3, "192.0.2.2").status_code == 202
    assert post(other.key, 4).status_code == 202
    settings.set_setting("intake.posts_per_address", 0)
    settings.set_setting("intake.posts_per_visitor", 1)
    web = {"origin": "https://www.kanal.example"}
    assert [post(source.key, number, **web).status_code for number in (5, 6)] == [202, 429]
    refused = post(source.key, 7, **web)
    assert (refused["Content-Type"], refused["Retry-After"]) == ("application/problem+json", "41")
    assert refused["Access-Control-Allow-Origin"] == web["origin"]
    settings.set_setting("intake.posts_per_source", 1)
    another_process()
    assert post(other.key, 8).status_code == 429


def test_a_repeat_at_the_intake_says_so(client):
    """API-2, INTAKE-2: the first id, and the header by which one knows that it was a repeat."""
    source = make_source()
    url, body = f"/api/v1/intake/{source.key}", '{"email": "a@b.example"}'
    first, again = (
        client.post(url, body, content_type="application/json", headers={"Idempotency-Key": "k1"}) for _ in range(2)
    )
    assert first.json() == again.json()
    assert [response.headers.get("Idempotent-Replayed") for response in (first, again)] == [None, "true"]


@pytest.mark.parametrize(
    ("url", "values"),
    [("/login/", {"login": "nobody", "password": "wrong"}), ("/login/password/", {"email": "nobody@kanal.example"})],
)
def test_signing_in_and_resets_are_limited_by_the_shared_cache(settings, url, values):
    """ACC-9: after some attempts a page says to wait, with 429; another process counts on from there."""
    statuses = []
    for number in range(12):
        response = Client().post(url, values, REMOTE_ADDR="192.0.2.9")
        statuses.append(response.status_code)
        if response.status_code == 429:
            break
        assert number < 11
    assert statuses[-1] == 429
    assert len(statuses) >= 5
    assert response["Content-Type"].startswith("text/html")
    assert (
        "Wait a few minutes" if "password/" in url else "Too many failed login attempts"
    ) in response.content.decode()
    assert response["Retry-After"]
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


def test_a_token_is_looked_for_before_it_is_counted(client):
    """SEC-2: made-up tokens leave no rows behind."""
    for number in range(3):
        assert client.get(SHIPS, headers={"Authorization": f"Bearer {tokens.PREFIX}{number}"}).status_code == 401
    assert not Spent.objects.exists()
