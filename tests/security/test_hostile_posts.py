"""What strangers post to the intake: kept whatever it holds, and read by page and API ever after (INTAKE-2, SEC-3)."""

import pytest
from django.test import Client

from kanal.core import registry, tokens
from kanal.entities.intake.pipeline import process_batch
from kanal.entities.leads.tests.factories import make, make_project, make_user

TOLD = [
    "NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "-" + "9" * 40, "1e308", "9" * 5_000,
    '"\\ud800"', '"a\\u0000b"', '{"\\u0000": {"\\ud800": 1e400}}', '"' + "x" * 900_000 + '"',
    "[" * 90 + "1" + "]" * 90, "[" * 900 + "]" * 900, "[" * 90_000 + "]" * 90_000, '{"a":' * 300 + "1" + "}" * 300,
]  # fmt: skip


@pytest.fixture
def source(db):
    return make("intake-sources", name="Site", default_project=make_project().pk)


@pytest.mark.parametrize("note", TOLD, ids=lambda text: text[:12])
def test_whatever_a_post_holds_is_kept_and_can_be_read(client, source, note):
    """No number, depth or letter is a fault: neither for the sender nor for who reads what came."""
    client.raise_request_exception = False
    body = f'{{"email": "anna@example.com", "note": {note}}}'
    posted = client.post(f"/api/v1/intake/{source.key}", body, content_type="application/json")
    assert posted.status_code == 202, posted.content
    process_batch()
    [row] = registry.get("intakes").model.objects.all()
    assert row.state in ("done", "attention")
    boss = make_user(user_type="administrator")
    token = tokens.create_token(boss, "test")
    for path in ("/api/v1/intakes", f"/api/v1/intakes/{row.pk}", f"/api/v1/intakes/{row.pk}/history"):
        assert client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 200, path
    browser = Client(raise_request_exception=False)
    browser.force_login(boss)
    for path in (f"/settings/intake/{row.pk}/", f"/settings/intake-sources/{source.pk}/",
                 f"/settings/intake-sources/{source.pk}/mapping", registry.get("intakes").list_url):  # fmt: skip
        assert browser.get(path).status_code == 200, path


@pytest.mark.parametrize("key", ["%00", "a%00b", "%ff", "%ed%a0%80", "x" * 3_000, "%F0%9F%98%80"])
def test_an_address_that_no_source_has(client, db, key):
    client.raise_request_exception = False
    for address in (f"/api/v1/intake/{key}", f"/projects/{key}/", f"/crm/leads/data/{key}", f"/login/{key}"):
        for answer in (client.get(address), client.post(address, "{}", content_type="application/json")):
            assert answer.status_code < 500, address
    assert client.post(f"/api/v1/intake/{key}", "{}", content_type="application/json").status_code == 404
