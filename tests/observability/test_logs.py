"""One line of JSON for each request and job, joined by an id; no secrets, no personal data (SEC-2, REL-4)."""

import json
import logging

import pytest
import structlog
from django.db import connection
from django.test import Client

from kanal.core import tokens
from kanal.core.jobs import job
from kanal.core.observability import request_id, tracing
from kanal.core.observability.redaction import MASK, redacted, without_values
from kanal.core.observability.request_trace import RequestTrace
from kanal.entities.leads.tests.factories import make, make_project

SECRET = "kanal_9xQh3v-Zt5LkPw8RbYnC2dGfJ1sT6uAe0"


def of_requests(lines):
    return [line for line in lines() if line["event"] == "request"]


def test_each_request_leaves_one_line(client, admin, lines):
    """REL-4: who, what, how long, how many statements; the address is the pattern, not what was typed."""
    client.force_login(admin)
    client.get("/crm/accounts/data/?q=Nordmann")
    [line] = of_requests(lines)
    assert (line["method"], line["route"], line["status"]) == ("GET", "crm/accounts/data/", 200)
    assert line["user_id"] == admin.pk
    assert line["queries"] > 3
    assert 0 < line["query_ms"] <= line["ms"]
    assert len(line["request_id"]) == 32


def test_the_id_of_a_request_is_taken_over_and_answered(client, lines):
    """REL-4: the proxy's id joins its log and ours."""
    response = client.get("/login/", headers={"X-Request-ID": "edge-7.2026_01"})
    assert response["X-Request-ID"] == "edge-7.2026_01"
    assert of_requests(lines)[0]["request_id"] == "edge-7.2026_01"


@pytest.mark.parametrize(
    "odd", ["short", "x" * 41, "a b c d e f g", "<script>alert(1)</script>", '"},{"level":"x', "ünïcode-ünïcode"]
)
def test_an_odd_id_is_replaced(client, lines, odd):
    """SEC-2: what stands in logs and pages is no text of a stranger's."""
    response = client.get("/login/", headers={"X-Request-ID": odd})
    assert response["X-Request-ID"] != odd
    assert len(of_requests(lines)[0]["request_id"]) == 32


def test_every_answer_names_its_request(client, admin):
    """REL-4: error pages and problem documents show the number under which the log knows them."""
    page = client.get("/nothing/here", headers={"X-Request-ID": "page-00000001"})
    assert page["X-Request-ID"] == "page-00000001"
    client.force_login(admin)
    page = client.get("/crm/leads/999999/", headers={"X-Request-ID": "page-00000002"})
    assert (page.status_code, "page-00000002" in page.content.decode()) == (404, True)
    for address, status in (("/api/v1/leads/999999", 404), ("/api/nothing", 404)):
        response = client.get(address, headers={"X-Request-ID": "call-00000003"})
        assert (response.status_code, response.json()["request_id"]) == (status, "call-00000003")


def test_a_fault_is_logged_with_its_place_and_without_values(admin, lines, monkeypatch):
    """REL-4, SEC-2: the page gives a number; under it the log has type and place, but nothing that was typed."""
    from kanal.web import overview

    def broken(*args, **given):
        raise ValueError("could not read 'Ola Nordmann' of ola@example.com, column account_id")

    monkeypatch.setattr(overview, "may", broken, raising=False)
    client = Client(raise_request_exception=False)
    client.force_login(admin)
    monkeypatch.setattr("kanal.web.home.render", broken)
    response = client.get("/", headers={"X-Request-ID": "broken-0001"})
    assert response.status_code == 500
    assert "broken-0001" in response.content.decode()
    [fault] = [line for line in lines() if "exception" in line]
    assert (fault["level"], fault["request_id"], fault["user_id"]) == ("error", "broken-0001", admin.pk)
    [exception] = fault["exception"]
    assert exception["type"] == "ValueError"
    assert exception["at"][-1].startswith("tests/observability/test_logs.py:")
    assert "Nordmann" not in json.dumps(fault)
    assert "ola@" not in json.dumps(fault)


def test_a_refused_row_of_the_database_is_not_quoted(lines, db):
    """SEC-2: PostgreSQL quotes the row that it refuses; the log does not."""
    log = logging.getLogger("kanal.test")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'Kari Nordmann +47 912 34 567'::int")
    except Exception:
        log.exception("a batch failed")
    [line] = lines()
    assert line["exception"][0]["type"] == "DataError"
    assert "Nordmann" not in json.dumps(line)
    assert "912" not in json.dumps(line["exception"][0]["message"])


def test_nothing_secret_is_logged(client, admin, lines):
    """SEC-2: no token, password, cookie, intake key or name of a person, whatever is asked and whatever fails."""
    token = tokens.create_token(admin, "test")
    source = make("intake-sources", name="Web form", default_project=make_project().pk)
    client.post("/login/", {"login": "somebody@example.com", "password": "correct horse battery"})
    client.get("/login/password/1-abcdef-0123456789abcdef0123456789abcdef/")
    client.post(f"/api/v1/intake/{source.key}", "{broken", content_type="application/json")
    client.post(
        f"/api/v1/intake/{source.key}", json.dumps({"email": "ola@example.com"}), content_type="application/json"
    )
    client.get("/api/v1/accounts?filter=name:is(Nordmann)", headers={"Authorization": f"Bearer {token}"})
    client.get("/api/v1/accounts", headers={"Authorization": f"Bearer {SECRET}"})
    client.force_login(admin)
    session = client.cookies["sessionid"].value
    client.get("/crm/accounts/data/?q=Ola+Nordmann")
    client.post("/crm/accounts/new", {"name": "Ola Nordmann", "email": "ola@example.com"})
    text = lines.stream.getvalue()
    assert len(of_requests(lines)) == 8
    hidden = [token, SECRET, source.key, session, "correct horse", "Nordmann", "ola@", "somebody@", "abcdef-0123"]
    assert [secret for secret in hidden if secret in text] == []


@pytest.mark.parametrize(
    ("given", "rest"),
    [
        (f"Authorization: Bearer {SECRET}", "Authorization: "),
        (f"called with {SECRET}", "called with "),
        ("postgresql://kanal:hunter22@db:5432/kanal", "postgresql://kanal:"),
        ("POST /api/v1/intake/a1B2c3D4e5 failed", "POST /api/v1/intake/"),
        ("sessionid=abc123; csrftoken=xyz789", "sessionid="),
        ("mail to ola.nordmann@firma.example.no failed", "mail to "),
        ("call +47 912 34 567 now", "call "),
        ("duplicate key\nDETAIL:  Key (email)=(ola) already exists.", "duplicate key\n"),
    ],
)
def test_masks_by_look(given, rest):
    """SEC-2: what looks like a secret or a person is taken out of any text."""
    masked = redacted(given)
    assert masked.startswith(rest)
    assert MASK in masked
    for secret in (SECRET, "hunter22", "a1B2c3D4e5", "abc123", "xyz789", "ola", "912", "(ola)"):
        assert secret not in masked


def test_masks_by_name():
    """SEC-2: what is called a password is one, however it looks."""
    given = {"password": "x", "api_key": "x", "Cookie": "x", "new_token": "x", "key": "x", "rows": [{"secret": "x"}]}
    assert redacted(given) == {**dict.fromkeys(given, MASK), "rows": [{"secret": MASK}]}
    assert redacted({"status": 200, "route": "crm/leads/<int:pk>/"}) == {"status": 200, "route": "crm/leads/<int:pk>/"}


def test_names_of_columns_stay_in_messages():
    """REL-4: what is left of a message still says what went wrong."""
    message = without_values("""null value in column "account_id" of relation "core_lead" violates 'Ola' "Kari N" """)
    assert "account_id" in message
    assert "core_lead" in message
    assert "Ola" not in message
    assert "Kari" not in message


@pytest.mark.django_db(transaction=True)
def test_a_job_names_the_request_that_began_it(lines, unfrozen_registries):
    """REL-4: a job's lines have its id, and the id of the request in which it was queued."""
    from procrastinate.contrib.django import app

    from kanal.core.observability.jobs import around

    @job("test.seen", label="Seen")
    def seen(number: int) -> None:
        structlog.get_logger("kanal.test").info("working", number=number, begun_by=request_id())

    with tracing(RequestTrace("page", request_id="began-000001")):
        number = seen.defer(number=7)
    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector) as working:
        middleware = [*(working.worker_defaults.get("task_middleware") or []), around]
        working.run_worker(wait=False, task_middleware=middleware, install_signal_handlers=False)
    of_job = [line for line in lines() if line.get("job_id") == number and line["logger"].startswith("kanal.")]
    assert [line["event"] for line in of_job] == ["working", "job"]
    assert {line["request_id"] for line in of_job} == {"began-000001"}
    assert (of_job[1]["job"], of_job[1]["outcome"], of_job[1]["attempt"]) == ("test.seen", "done", 1)


def test_arguments_of_a_failed_job_are_not_logged(lines):
    """SEC-2: the queue names a job with its arguments, which may hold what somebody typed; we name it by its id."""
    job = {"id": 5, "task_name": "web.bulk", "task_kwargs": {"values": {"name": "Nordmann"}}}
    logging.getLogger("procrastinate.worker").error(
        "Job web.bulk[5](name='Nordmann') ended with status: Error", extra={"action": "job_error", "job": job}
    )
    [line] = lines()
    assert (line["event"], line["job"], line["job_id"]) == ("job_error", "web.bulk", 5)
    assert "Nordmann" not in json.dumps(line)


def test_a_log_does_not_fill_the_disk(tmp_path, monkeypatch):
    """REL-4: a long log moves to `.old`; whoever has it open goes on writing at its beginning."""
    from dataclasses import replace

    from kanal.config import env, supervisor

    monkeypatch.setattr(supervisor, "LARGEST_LOG", 1000)
    environment = replace(env.read_environment(), data=tmp_path, debug=False)
    with supervisor.log(environment, "web") as file:
        file.write(b"first line\n" * 100)
        file.flush()
        supervisor.trim_logs(environment)
        file.write(b"next line\n")
        file.flush()
        supervisor.trim_logs(environment)
    assert (tmp_path / "logs" / "web.log").read_bytes() == b"next line\n"
    assert (tmp_path / "logs" / "web.old").stat().st_size == 1100
