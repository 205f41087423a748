"""The API of every record type, tried on the fake ones: API-1 and the conventions of docs/api.md."""

import json

import pytest

from kanal.core import tokens

URL = "/api/v1/ships"


@pytest.fixture
def call(client, admin):
    """Call the API with a token: `call("POST", "/api/v1/ships", {...})` gives (status, data, response)."""
    keys = {}

    def do(method, url, data=None, user=None, scope="write", **headers):
        user = user or admin
        token = keys.setdefault((user.pk, scope), tokens.create_token(user, "test", scope))
        body = data if isinstance(data, str | bytes) else json.dumps(data or {})
        response = client.generic(
            method, url, body, content_type="application/json", headers={"Authorization": f"Bearer {token}", **headers}
        )
        return response.status_code, json.loads(response.content) if response.content else None, response

    return do


def test_create_get_change_delete(call):
    """API-1: money, choices, relations, custom fields in their shapes; ETag of the revision."""
    price = {"amount": "1250.00", "currency": "EUR"}
    given = {"name": "Anna", "price": price, "rig": "sloop", "launched": "2026-01-02"}
    status, made, response = call("POST", URL, given)
    assert status == 201
    assert {key: made[key] for key in given} == given
    assert response["ETag"] == '"1"'
    assert response["Location"] == f"{URL}/{made['id']}"
    status, changed, _ = call("PATCH", f"{URL}/{made['id']}", {"masts": 2}, **{"If-Match": '"1"'})
    assert (status, changed["masts"], changed["revision"]) == (200, 2, 2)
    status, refusal, response = call("PATCH", f"{URL}/{made['id']}", {"masts": 3}, **{"If-Match": '"1"'})
    assert (status, refusal["changes"]) == (412, {"masts": 2})
    assert response["Content-Type"] == "application/problem+json"
    assert call("DELETE", f"{URL}/{made['id']}")[0] == 204
    assert call("GET", f"{URL}/{made['id']}")[0] == 404


def test_errors_name_their_fields(call):
    """API-1: RFC 9457 problem documents naming the field."""
    status, data, _ = call("POST", URL, {"name": "", "rig": "brig", "nothing": 1, "custom": {"x": 1}})
    assert status == 422
    assert {error["field"] for error in data["errors"]} == {"name", "rig", "nothing", "custom.x"}


def test_a_list_has_filter_sort_fields_cursor_and_count(call, make_ship):
    """docs/api.md: API lists."""
    for masts in range(1, 8):
        make_ship(masts=masts, rig="sloop" if masts % 2 else "ketch")
    query = "?filter=rig:is(sloop)&sort=-masts&fields=masts&limit=3"
    status, page, _ = call("GET", URL + query)
    assert (status, page["count"], page["count_is_estimate"]) == (200, 4, False)
    assert [item["masts"] for item in page["items"]] == [7, 5, 3]
    assert set(page["items"][0]) == {"id", "masts", "custom", "revision"}
    rest = call("GET", f"{URL}{query}&cursor={page['next']}")[1]
    assert ([item["masts"] for item in rest["items"]], rest["next"]) == ([1], None)


@pytest.mark.parametrize(
    "query",
    ["filter=nothing:is(1)", "filter=name:is(", "sort=nothing", "fields=nothing", "cursor=xyz", "limit=0", "limit=501",
     "limit=x", "include=nothing", "filter=" + "a" * 21_000],
)  # fmt: skip
def test_a_wrong_list_is_refused(call, query):
    """docs/api.md: a wrong filter answers 422."""
    status, data, _ = call("GET", f"{URL}?{query}")
    assert status == 422
    assert data["errors"]


def test_include_adds_records(call, make_ship, by):
    """docs/api.md: ?include=harbour adds the record; the other way round its ships."""
    harbour = call("POST", "/api/v1/harbours", {"name": "Bergen"})[1]
    ship = make_ship(harbour=harbour["id"])
    item = call("GET", f"{URL}/{ship.pk}?include=harbour")[1]
    assert item["included"]["harbour"]["name"] == "Bergen"
    item = call("GET", f"/api/v1/harbours/{harbour['id']}?include=ships")[1]
    assert [included["id"] for included in item["included"]["ships"]] == [ship.pk]


@pytest.mark.parametrize("mode", ["all", "each"])
def test_bulk_is_all_or_nothing_or_each_by_itself(call, mode):
    """API-2: bulk create and patch."""
    status, data, _ = call("POST", f"{URL}/bulk", {"mode": mode, "items": [{"name": "A"}, {"name": ""}]})
    count = call("GET", URL)[1]["count"]
    if mode == "all":
        assert (status, data["errors"][0]["field"], count) == (422, "1.name", 0)
    else:
        assert (status, [item["status"] for item in data["items"]], count) == (200, [201, 422], 1)


@pytest.mark.parametrize(("mode", "expected"), [("all", 403), ("each", 200)])
def test_who_may_add_none_is_told_so(call, make_user, mode, expected):
    """ACC-2, API-2: as a whole where it is all or none, item by item else."""
    reader = make_user(rules={"ships": ("all", ["view"])})
    status, data, _ = call("POST", f"{URL}/bulk", {"mode": mode, "items": [{"name": "A"}]}, user=reader)
    assert status == expected
    assert mode == "all" or data["items"][0]["status"] == 403


def test_an_action_is_run_and_kept_in_history(call, make_ship):
    """API-1: POST /<type>/<id>/<verb>, the same verb in the history."""
    ship = make_ship(name="Old")
    status, data, _ = call("POST", f"{URL}/{ship.pk}/rename", {"name": "New"})
    assert (status, data["name"]) == (200, "New")
    newest = call("GET", f"{URL}/{ship.pk}/history")[1]["items"][0]
    assert (newest["means"], newest["verb"]) == ("api", "rename")
    (change,) = newest["changes"]
    assert (change["field"], change["label"], change["old"], change["new"]) == ("name", "Name", "Old", "New")
    assert call("POST", f"{URL}/{ship.pk}/rename", {"nothing": 1})[0] == 422


def test_rights_are_those_of_the_user_and_the_token(call, make_ship, make_user, client):
    """ACC-2, ACC-9: scopes, permissions, strangers get 404."""
    ship = make_ship()
    reader = make_user(rules={"ships": ("all", ["view"])})
    stranger = make_user(rules={"ships": ("own", ["view", "edit", "rename"])})
    assert call("GET", f"{URL}/{ship.pk}", user=reader)[0] == 200
    assert call("PATCH", f"{URL}/{ship.pk}", {"masts": 1}, user=reader)[0] == 403
    assert call("POST", URL, {"name": "x"}, user=reader)[0] == 403
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/history"), ("POST", "/rename")):
        assert call(method, f"{URL}/{ship.pk}{path}", {"name": "x"}, user=stranger)[0] == 404
    assert call("POST", URL, {"name": "x"}, scope="read")[0] == 403
    assert client.get(URL).status_code == 401
    assert client.get(URL, headers={"Authorization": "Bearer kanal_wrong"}).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [("{", 400), ("[1]", 422), ('"x"', 422), (b"\xff\xfe", 400), ("[" * 10_000 + "]" * 10_000, 400)],
)
def test_a_hostile_body_has_a_clear_answer(call, body, status):
    """Bad input: a body that is not JSON, one nested 10,000 deep."""
    actual_status, data, response = call("POST", URL, body)
    assert (actual_status, response["Content-Type"]) == (status, "application/problem+json")
    assert data["detail"]


def test_the_document_describes_every_operation(call, client):
    """API-1: OpenAPI 3.1 without gaps: every answer of every operation has a description and a schema."""
    status, document, _ = call("GET", "/api/v1/openapi.json")
    assert (status, document["openapi"]) == (200, "3.1.0")
    operation = document["paths"]["/api/v1/ships/{pk}/rename"]["post"]
    assert {"200", "401", "403", "404", "409", "422"} <= set(operation["responses"])
    names = [described["operationId"] for path in document["paths"].values() for described in path.values()]
    assert len(names) == len(set(names))
    references = set(json.dumps(document).split('"#/components/schemas/')[1:])
    assert {part.split('"')[0] for part in references} <= set(document["components"]["schemas"])


def test_an_unknown_address_is_a_problem_too(client):
    """docs/api.md: below /api/ everything answers in JSON."""
    response = client.get("/api/v1/nothing")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
