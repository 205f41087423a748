"""Bad input at the API: each has a clear answer that names the field or the parameter."""

import datetime as dt
import json
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from kanal.core import registry, tokens, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.models import ApiToken, FieldVisibility
from tests.api.conftest import SHIPS
from tests.fakes.models import Ship

DEEP = 10_000
PROBLEM = "application/problem+json"


def field_of(data):
    """Name the field of the first error."""
    return data["errors"][0]["field"] if data.get("errors") else ""


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("filter=" + "a" * 1_000_000, ""), ("filter=" + "(" * DEEP, ""), ("filter=" + "!" * DEEP + "id:is(1)", ""),
        ("filter=name:is(%2500)", "name"), ("filter=masts:gt(99999999999999999999)", "masts"),
        ("filter=price:gt(1e999999)", "price"), ("filter=price:gt(NaN)", "price"), ("filter=price:gt(1,QQQ)", "price"),
        ("filter=launched:before(0001-01-01)", "launched"), ("filter=launched:after(9999-12-31)", "launched"),
        ("filter=sails_at:on(9999-12-31)", "sails_at"), ("filter=launched:within(last,99999999999,years)", "launched"),
        ("filter=harbour:is(99999999999999999999)", "harbour"), ("filter=name:like(a)", "name"),
        ("filter=" + ";".join(["masts:is(1)"] * 201), ""), ("sort=nothing", "nothing"),
        ("sort=private_to", "private_to"),
        ("sort=owner_ids", "owner_ids"), ("filter=owner_ids:any(1)", "owner_ids"), ("limit=" + "9" * 5000, "limit"),
        ("limit=%00", "limit"), ("limit=\u0661", "limit"), ("fields=password", "fields"),
        ("include=password", "include"),
        ("cursor=%00%ff", "cursor"), ("cursor=" + "x" * 100_000, "cursor"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_named(call, query, field):
    """LIST-2, SEC-3: 422 with the field or parameter."""
    status, data, response = call("GET", f"{SHIPS}?{quote(query, safe='=&%(),:;!.*')}")
    assert (status, response["Content-Type"]) == (422, PROBLEM)
    assert (field_of(data), bool(data["errors"][0]["message"])) == (field, True)


@pytest.mark.parametrize("query", ["q=%00", "q=%ff%fe", "q=" + "x" * 100_000, "filter=name:is(%ff)", "sort=,,-"])
def test_what_can_be_answered_is_answered(call, make_ship, query):
    """A search for what no text can hold finds nothing or leaves it out; it is no fault."""
    make_ship()
    assert call("GET", f"{SHIPS}?{query}")[0] in (200, 422)


def test_hidden_fields_are_like_unknown_ones(call, make_user, make_ship):
    """LIST-3a: by filter, sort, fields and include a hidden field can't be told from one that there is not."""
    make_ship(price={"amount": "5", "currency": "EUR"})
    user = make_user(rules={"ships": ("all", ["view"])})
    for place in ("filter={}:gt(1)", "sort={}", "sort=-{}", "fields={}", "include={}"):
        assert call("GET", f"{SHIPS}?{place.format('price')}", user=user)[0] == (422 if "incl" in place else 200)
    FieldVisibility.objects.create(entity="ships", field="price", user_types=["administrator"])
    invalidate()
    for place in ("filter={}:gt(1)", "sort={}", "sort=-{}", "fields={}", "include={}", "filter=id:is(1);{}:gt(1)"):
        answers = [call("GET", f"{SHIPS}?{place.format(name)}", user=user) for name in ("price", "nosuch")]
        assert [status for status, _data, _response in answers] == [422, 422], place
        hidden, unknown = (json.dumps(data["errors"]) for _status, data, _response in answers)
        assert hidden.replace("price", "nosuch") == unknown


def test_a_cursor_serves_its_own_list_alone(call, make_user, make_ship):
    """LIST-9: tampered, of another sort or type: 422; of another user: only what that user may see."""
    for number in range(1, 5):
        make_ship(masts=number)
    cursor = call("GET", f"{SHIPS}?sort=masts&limit=2")[1]["next"]
    other = "A" if cursor[-2] != "A" else "B"  # the last letter holds bits that mean nothing
    bad = [f"sort=-masts&cursor={cursor}", f"sort=name&cursor={cursor}", f"cursor={cursor}",
           f"sort=masts&cursor={cursor[:-2]}{other}{cursor[-1]}",
           f"sort=masts&cursor=A{cursor}", "sort=masts&cursor=a:b:c"]  # fmt: skip
    for query in bad:
        status, data, _ = call("GET", f"{SHIPS}?{query}")
        assert (status, field_of(data)) == (422, "cursor"), query
    assert call("GET", f"/api/v1/harbours?sort=name&cursor={cursor}")[0] == 422
    stranger = make_user(rules={"ships": ("own", ["view"])})
    status, data, _ = call("GET", f"{SHIPS}?sort=masts&cursor={cursor}", user=stranger)
    assert (status, data["items"]) == (200, [])
    assert len(call("GET", f"{SHIPS}?sort=masts&filter=masts:gt(3)&cursor={cursor}")[1]["items"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ("{", 400, ""), ("[" * DEEP + "]" * DEEP, 400, ""), ('{"a":' * DEEP + "1" + "}" * DEEP, 400, ""),
        ("[1]", 422, ""),
        ('"x"', 422, ""), ("null", 422, ""), (b"\xff\xfe", 400, ""), (b'{"name": "\xff"}', 400, ""),
        ('{"name": "A", "masts": NaN}', 400, ""), ('{"name": "A", "masts": Infinity}', 400, ""),
        ('{"name": "A", "masts": 1e999999}', 400, ""), ('{"name": "\\ud800"}', 400, ""),
        ('{"name": "A", "name": "B"}', 422, "name"), ('{"name": "A\\u0000"}', 422, "name"),
        ('{"name": "A", "log": "a\\u0000b"}', 422, "log"),
        ('{"name": "A", "custom": {"x": "\\u0000"}}', 422, "custom.x"),
        ('{"name": "A", "n\\u0000": 1}', 422, "n"), ('{"name": "A", "masts": 99999999999999999999999}', 422, "masts"),
        ('{"name": "A", "masts": 2147483648}', 422, "masts"), ('{"name": "A", "length": "1e999999"}', 422, "length"),
        ('{"name": "A", "length": "1e-999999"}', 422, "length"), ('{"name": "A", "length": "NaN"}', 422, "length"),
        ('{"name": "A", "price": {"amount": "1e999999", "currency": "EUR"}}', 422, "price"),
        ('{"name": "A", "price": {"amount": "99999999999999999", "currency": "EUR"}}', 422, "price"),
        ('{"name": "A", "price": {"amount": [1], "currency": {}}}', 422, "price"),
        ('{"name": "A", "launched": "0001-01-01"}', 422, "launched"),
        ('{"name": "A", "launched": "9999-12-31"}', 422, "launched"),
        ('{"name": "A", "launched": "2026-02-30"}', 422, "launched"),
        ('{"name": "A", "sails_at": "x"}', 422, "sails_at"),
        ('{"name": "A", "harbour": 9999999999999999999999}', 422, "harbour"),
        ('{"name": "A", "harbour": -1}', 422, "harbour"),
        ('{"name": "A", "harbour": {"id": {}}}', 422, "harbour"), ('{"name": "A", "flags": [{}]}', 422, "flags"),
        ('{"name": {"a": 1}}', 422, "name"), ('{"name": "A", "custom": []}', 422, "custom"),
        ('{"name": "A", "email": "ada\uff20berg.example"}', 422, "email"),
        ('{"name": "A", "email": "\u0430da@berg.example"}', 422, "email"),
        ('{"name": "A", "email": "a\u200bda@berg.example"}', 422, "email"),
        ('{"name": "A", "email": "ada@berg\u202e.example"}', 422, "email"),
        ('{"name": "A", "email": "ada@b\u0435rg.example"}', 422, "email"),
        ('{"name": "A", "email": "ada@berg.example\\r\\nBcc: x@y.example"}', 422, "email"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused(call, body, status, field):
    """API-1, SEC-3: what is no JSON, what holds what can't be stored, what no column can hold."""
    actual_status, data, response = call("POST", SHIPS, body if isinstance(body, bytes) else body.encode())
    assert (actual_status, response["Content-Type"], field_of(data)) == (status, PROBLEM, field)
    assert not Ship.objects.exists()


def test_numbers_that_only_look_odd_are_taken(call):
    """A zero with a huge exponent is a zero; an address in capitals is one in small letters."""
    body = {"name": "A", "length": "0e999999", "price": {"amount": "0E-999999", "currency": "EUR"}}
    status, data, _ = call("POST", SHIPS, body | {"email": "  ADA@Berg.Example "})
    assert (status, data["length"], data["price"]["amount"]) == (201, "0", "0.00")
    assert data["email"] == "ada@berg.example"


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "text/json"])
def test_another_kind_of_body_is_refused(call, kind):
    """API-1: 415 says what to send."""
    status, data, response = call("POST", SHIPS, '{"name": "A"}', content_type=kind)
    assert (status, response["Content-Type"]) == (415, PROBLEM)
    assert "application/json" in data["detail"]


def test_a_body_that_is_too_large(call):
    """API-1: 413 above 5 MB."""
    status, data, _ = call("POST", SHIPS, b'{"name": "' + b"a" * 6_000_000 + b'"}')
    assert (status, data["status"]) == (413, 413)


def test_more_than_a_thousand_are_refused(call):
    """API-2: bulk takes up to 1,000, and says so."""
    for method in ("POST", "PATCH"):
        status, data, _ = call(method, f"{SHIPS}/bulk", {"items": [{"name": "A"}] * 1001})
        assert (status, field_of(data)) == (422, "items")
    for body, field in (({"items": {}}, "items"), ({"items": [1]}, "items"), ({"items": [], "mode": "x"}, "mode"),
                        ({"items": [], "what": 1}, "what")):  # fmt: skip
        assert field_of(call("POST", f"{SHIPS}/bulk", body)[1]) == field


@pytest.mark.parametrize(
    "state", ["deleted", "switched off", "expired", "revoked", "made up", "too long", "of no scope"]
)
def test_a_token_that_is_none(client, make_user, make_ship, state):
    """ACC-9: 401 for a token of nobody, 403 for one that may not do this."""
    user = make_user(user_type="administrator")
    token = tokens.create_token(user, "test")
    row = ApiToken.objects.get()
    if state == "deleted":
        user.delete()  # direct write: a test
    elif state == "switched off":
        writes.update_system_fields(user, by=SYSTEM, is_active=False)
    elif state == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    elif state == "revoked":
        row.delete()
    elif state == "of no scope":
        ApiToken.objects.update(scopes=["read:harbours"])
    token = {"made up": token[:-1] + "\u00f8", "too long": token * 1000}.get(state, token)
    response = client.get(SHIPS, headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, response["Content-Type"]) == (403 if state == "of no scope" else 401, PROBLEM)
    assert ("WWW-Authenticate" in response) == (state != "of no scope")
    for kind in ("Basic YTpi", "Bearer", "", "Bearer a b", token):
        assert client.get(SHIPS, headers={"Authorization": kind}).status_code == 401


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\boot.ini", "a\x00b.txt", "a\r\nSet-Cookie: x=1.txt", "x" * 5000 + ".txt",
     "photo\u202egnp.exe", 'a"; filename="b.txt', "CON.txt", ".htaccess", "\u2066\u2069", "a/b/c", "ø\u0301.txt"],
)  # fmt: skip
def test_a_file_name_does_no_harm(client, admin, make_ship, name):
    """FILE-3, SEC-3: no path, no hidden characters, at most 150 bytes; the download's headers hold nothing more."""
    headers = {"Authorization": f"Bearer {tokens.create_token(admin, 'test')}"}
    file = SimpleUploadedFile("x.txt", b"hello")
    file._name = name
    body = encode_multipart(BOUNDARY, {"file": file})
    url = f"{SHIPS}/{make_ship().pk}/files"
    response = client.generic("POST", url, body, content_type=MULTIPART_CONTENT, headers=headers)
    if response.status_code != 201:
        assert response.status_code in (400, 422)
        return
    kept = response.json()["name"]
    assert 0 < len(kept.encode()) <= 150
    assert not {"/", "\\", "\r", "\n", "\x00", "\u202e", '"'} & set(kept)
    got = client.get(response.json()["content"], headers={**headers, "Range": "bytes=0-1"})
    assert (got.status_code, b"".join(got.streaming_content)) == (200, b"hello")
    assert got["Content-Disposition"].startswith("attachment")
    assert "Set-Cookie" not in got


def test_a_form_that_is_none_is_a_problem(client, admin, make_ship):
    """RFC 9457: a multipart body that can't be read is answered in JSON too."""
    headers = {"Authorization": f"Bearer {tokens.create_token(admin, 'test')}"}
    url = f"{SHIPS}/{make_ship().pk}/files"
    for kind, body in (("multipart/form-data", b"x"), ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
                       ("multipart/form-data; boundary=" + "x" * 500, b"x"), ("text/plain", b"x")):  # fmt: skip
        response = client.generic("POST", url, body, content_type=kind, headers=headers)
        assert response.status_code in (400, 415, 422)
        assert response["Content-Type"] == PROBLEM


def test_a_form_of_a_file_takes_no_other_parts(client, admin, make_ship):
    """API-1: a misspelt or repeated part of the form is named, and no file is stored."""
    headers = {"Authorization": f"Bearer {tokens.create_token(admin, 'test')}"}
    url = f"{SHIPS}/{make_ship().pk}/files"
    cases = [
        ({"descripton": "x"}, {"descripton"}),
        ({"is_internal": "true", "internal": "1", "kind": "a"}, {"internal", "kind"}),
        ({"is_internal": ["true", "false"]}, {"is_internal"}),
        ({"other": SimpleUploadedFile("y.txt", b"y")}, {"other"}),
        ({"is_internal": "maybe", "x": "1"}, {"is_internal", "x"}),
    ]
    for more, wrong in cases:
        body = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("x.txt", b"hello"), **more})
        response = client.generic("POST", url, body, content_type=MULTIPART_CONTENT, headers=headers)
        assert (response.status_code, {error["field"] for error in response.json()["errors"]}) == (422, wrong)
    assert client.get(url, headers=headers).json()["items"] == []


def test_nul_in_every_text_of_every_type(call):
    """SEC-3: PostgreSQL refuses NUL; the API does first, and names the field."""
    for entity in registry.all_entities():
        if not entity.is_made_from_outside:
            continue
        status, data, _ = call("POST", f"/api/v1/{entity.key}", {"name": "a\x00"})
        assert (status, field_of(data)) == (422, "name")


@pytest.mark.parametrize("url", ["/api/v1/ships/0", f"/api/v1/ships/{2**63}", f"/api/v1/ships/{10**400}",
"/api/v1/ships/-1",
                                 "/api/v1/ships/x%00", "/api/v1/ships/%ff", "/api/v1/ships/1.5",
                                 "/api/v1/ships/1/x"])  # fmt: skip
def test_an_address_of_nothing(call, url):
    """RFC 9457: 404 or 422, as a problem document."""
    status, _data, response = call("GET", url)
    assert status in (404, 422)
    assert response["Content-Type"] == PROBLEM
