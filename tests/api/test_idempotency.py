"""API-2: a POST with an Idempotency-Key is done once, whoever repeats it, and however many at a time."""

import datetime as dt
import json
import threading

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.test.client import encode_multipart

from kanal.api import idempotency, resources
from kanal.api.models import KeptAnswer
from kanal.core import tokens
from tests.api.conftest import SHIPS
from tests.fakes.models import Ship

KIND = "multipart/form-data; boundary="


def test_a_repeat_is_answered_as_the_first_was(call):
    """API-2: same key and body: the first status, body and headers, and nothing is done again."""
    first = call("POST", SHIPS, {"name": "Anna"}, Idempotency_Key="k1")
    again = call("POST", SHIPS, {"name": "Anna"}, Idempotency_Key="k1")
    assert (first[0], again[0]) == (201, 201)
    assert first[1] == again[1]
    assert [answer[2].headers.get("Idempotent-Replayed") for answer in (first, again)] == [None, "true"]
    for name in ("ETag", "Location", "Content-Type"):
        assert first[2][name] == again[2][name]
    assert Ship.objects.count() == 1


def test_a_key_stands_for_one_request(call, make_user):
    """API-2: another body, or another address, with the same key: 422; another user's key is another key."""
    call("POST", SHIPS, {"name": "Anna"}, Idempotency_Key="k1")
    for url, body in ((SHIPS, {"name": "Berta"}), ("/api/v1/harbours", {"name": "Anna"})):
        status, data, _ = call("POST", url, body, Idempotency_Key="k1")
        assert (status, data["errors"][0]["field"]) == (422, "Idempotency-Key")
    other = make_user(user_type="administrator")
    status, _, response = call("POST", SHIPS, {"name": "Anna"}, user=other, Idempotency_Key="k1")
    assert (status, "Idempotent-Replayed" in response) == (201, False)
    assert Ship.objects.count() == 2


def test_a_refusal_leaves_the_key_free(call):
    """API-2: what was refused did nothing; mended, it may be sent with the same key."""
    assert call("POST", SHIPS, {"name": ""}, Idempotency_Key="k1")[0] == 422
    assert call("POST", SHIPS, {"name": "Anna"}, Idempotency_Key="k1")[0] == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "ø", "a\tb"])
def test_a_key_that_is_none_is_refused(call, key):
    """API-2: a key has 1 to 200 visible characters."""
    status, data, _ = call("POST", SHIPS, {"name": "Anna"}, Idempotency_Key=key)
    assert (status, data["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_every_kind_of_post_is_done_once(call, make_ship):
    """API-2: create, verbs, bulk and comments."""
    ship = make_ship(name="Old")
    url = f"{SHIPS}/{ship.pk}"
    posts = [
        (f"{url}/rename", {"name": "New"}), (f"{SHIPS}/bulk", {"items": [{"name": "A"}, {"name": "B"}]}),
        (f"{url}/comments", {"text": "Hello"}),
    ]  # fmt: skip
    for number, (path, body) in enumerate(posts):
        first, again = (call("POST", path, body, Idempotency_Key=f"k{number}") for _ in range(2))
        assert first[0] < 300, first[1]
        assert (first[0], first[1], "true") == (again[0], again[1], again[2]["Idempotent-Replayed"])
    assert Ship.objects.count() == 3
    assert len(call("GET", f"{url}/comments")[1]["items"]) == 1


def test_every_post_of_the_document_takes_a_key(call):
    """API-2: on every POST below a record type."""
    paths = call("GET", "/api/v1/openapi.json")[1]["paths"]
    posts = {path: operations["post"] for path, operations in paths.items() if "post" in operations}
    without = [
        path
        for path, operation in posts.items()
        if "Idempotency-Key" not in [p["name"] for p in operation["parameters"]]
    ]
    assert not without
    assert len(posts) > 30


def test_a_file_is_attached_once_whatever_its_boundary(client, admin, make_ship):
    """API-2: multipart forms are compared by what they hold."""
    url = f"{SHIPS}/{make_ship().pk}/files"
    headers = {"Authorization": f"Bearer {tokens.create_token(admin, 'test')}", "Idempotency-Key": "k1"}

    def send(content):
        boundary = f"b{len(boundaries)}"
        boundaries.append(boundary)
        body = encode_multipart(boundary, {"file": SimpleUploadedFile("a.txt", content)})
        return client.generic("POST", url, body, content_type=f"{KIND}{boundary}", headers=headers)

    boundaries = []
    first, again, other = send(b"one"), send(b"one"), send(b"two")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert first.json()["version"] == 1


def test_answers_go_after_a_day(call):
    """API-2: kept for 24 hours; then the key is free, and the job drops what is left."""
    call("POST", SHIPS, {"name": "Anna"}, Idempotency_Key="k1")
    call("POST", SHIPS, {"name": "Berta"}, Idempotency_Key="k2")
    KeptAnswer.objects.update(at=KeptAnswer.objects.first().at - dt.timedelta(hours=24, seconds=1))
    assert call("POST", SHIPS, {"name": "Clara"}, Idempotency_Key="k1")[0] == 201
    assert idempotency.drop_old() == 1
    assert [kept.key for kept in KeptAnswer.objects.all()] == ["k1"]


def test_scopes_hold_for_a_repeat(call):
    """ACC-9: a token that may only read gets no answer to a write, not even a kept one."""
    call("POST", SHIPS, {"name": "Anna"}, Idempotency_Key="k1")
    assert call("POST", SHIPS, {"name": "Anna"}, scope="read", Idempotency_Key="k1")[0] == 403


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_it_once(make_user, monkeypatch):
    """API-2: of two connections with the same key one does it, the other hears 409 or the first answer."""
    token = tokens.create_token(make_user(user_type="administrator"), "test")
    inside, go_on, answers = threading.Event(), threading.Event(), []
    shown = resources.record_answer
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "race"}

    def hold(*given, **named):
        inside.set()
        assert go_on.wait(20)
        return shown(*given, **named)

    def send():
        try:
            body = json.dumps({"name": "Anna"})
            answers.append(Client().generic("POST", SHIPS, body, content_type="application/json", headers=headers))
        finally:
            connections.close_all()

    monkeypatch.setattr(resources, "record_answer", hold)
    first = threading.Thread(target=send)
    first.start()
    assert inside.wait(20)
    second = threading.Thread(target=send)
    second.start()
    second.join(20)
    assert [answer.status_code for answer in answers] == [409]
    go_on.set()
    first.join(20)
    send()
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409]
    assert answers[-1]["Idempotent-Replayed"] == "true"
    assert Ship.objects.count() == 1


def test_time_of_a_kept_answer_is_when_it_was_given(call):
    """API-2: the day begins with the first answer, not with a repeat."""
    with time_machine.travel(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), tick=False):
        call("POST", SHIPS, {"name": "Anna"}, Idempotency_Key="k1")
    assert KeptAnswer.objects.get().at.isoformat() == "2026-03-01T12:00:00+00:00"
