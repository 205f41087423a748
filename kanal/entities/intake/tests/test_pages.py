"""The intake over the wire (contract: 202 with the id, 404, 413)."""

import json

import pytest

from kanal.entities.intake.tests.test_actions import make_source

pytestmark = pytest.mark.django_db


def post(client, source, data, **headers):
    return client.post(
        f"/api/v1/intake/{source.key}", data=json.dumps(data), content_type="application/json", headers=headers
    )


def test_a_post_is_answered_with_its_id(client):
    source = make_source(allowed_web_origins="https://www.kanal.example")
    answer = post(client, source, {"email": "a@b.example"}, origin="https://www.kanal.example")
    assert (answer.status_code, set(answer.json())) == (202, {"id"})
    assert answer["Access-Control-Allow-Origin"] == "https://www.kanal.example"
    assert post(client, source, {"email": "a@b.example"}).json() == answer.json()
    listed = post(client, source, [{"email": "a@b.example"}, {"email": "b@b.example"}]).json()
    assert len(listed["items"]) == 2
    form = client.post(f"/api/v1/intake/{source.key}", data={"email": "form@b.example"})
    assert form.status_code == 202


def test_a_sender_may_look_whether_the_address_is_right(client):
    """INTAKE-1: by GET, HEAD and OPTIONS; one that asks for a word gets it."""
    url = f"/api/v1/intake/{make_source(allowed_web_origins='https://www.kanal.example').key}"
    for method in (client.get, client.head):
        answer = method(url)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert client.get(url, {"hub.mode": "subscribe", "hub.challenge": "1158201444"}).content == b"1158201444"
    assert b"<" not in client.get(url, {"hub.mode": "subscribe", "hub.challenge": "<b>"}).content
    answer = client.options(url, headers={"origin": "https://www.kanal.example"})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (204, "https://www.kanal.example")


def test_refusals_are_problem_documents(client):
    source = make_source()
    for answer, status in (
        (client.post("/api/v1/intake/unknown", data="{}", content_type="application/json"), 404),
        (post(client, source, {}, origin="https://evil.example"), 403),
        (post(client, source, ["x" * 1_000_001]), 413),
        (post(client, source, [{}] * 1001), 413),
        (client.put(f"/api/v1/intake/{source.key}"), 405),
        (client.get("/api/v1/intake/unknown"), 404),
    ):
        assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_post_is_answered_ahead_of_sessions(client, monkeypatch):
    """PERF-9: what the layers behind would have added is there: the length, the id, and a document for a fault."""
    source = make_source()
    answer = post(client, source, {"email": "a@b.example"})
    assert int(answer["Content-Length"]) == len(answer.content)
    assert answer["X-Request-ID"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    monkeypatch.setattr("kanal.entities.intake.storage.store", lambda *given, **named: 1 / 0)
    client.raise_request_exception = False
    fault = post(client, source, {"email": "b@b.example"})
    assert (fault.status_code, fault["Content-Type"]) == (500, "application/problem+json")
    assert b"ZeroDivision" not in fault.content
