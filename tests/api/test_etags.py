"""API-2, FORM-3: If-Match keeps from overwriting what somebody else wrote, If-None-Match from sending it again."""

import pytest

from tests.api.conftest import SHIPS


@pytest.fixture
def ship(call, make_ship):
    """Return the address of a ship at revision 3, of which the last two were made by API."""
    url = f"{SHIPS}/{make_ship(name='Anna').pk}"
    call("PATCH", url, {"masts": 2})
    call("PATCH", url, {"log": "calm"})
    return url


@pytest.mark.parametrize("tag", ['"3"', 'W/"3"', "*", '"1", "3"', 'W/"9" , "3"', "3"])
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_tag_that_fits_lets_through(call, ship, method, tag):
    """API-2: strong, weak (as a compressing proxy makes it), any, one of several."""
    assert call(method, ship, {"masts": 3}, If_Match=tag)[0] in (200, 204)


@pytest.mark.parametrize("tag", ['"1"', '"1", "2"', 'W/"2"', '"999999999"'])
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_tag_that_is_old_says_what_changed(call, ship, method, tag):
    """FORM-3: 412 names the fields with what they hold now; nothing was done."""
    status, data, response = call(method, ship, {"masts": 3}, If_Match=tag)
    assert (status, response["Content-Type"]) == (412, "application/problem+json")
    assert data["changes"]["log"] == "calm"
    assert ("masts" in data["changes"]) == (tag == '"1"')
    assert call("GET", ship)[1]["masts"] == 2


@pytest.mark.parametrize(
    ("tag", "status"), [('"x"', 412), ('""', 412), ("x", 422), ('"1', 422), ("\u00f8", 422), ("*, *", 422)]
)
def test_a_tag_that_is_none(call, ship, tag, status):
    """API-2: a tag of nothing is 412, what is no tag 422; both name what is wrong."""
    actual_status, data, _ = call("PATCH", ship, {"masts": 3}, If_Match=tag)
    assert actual_status == status
    assert data["detail"]


def test_an_old_tag_is_refused_whatever_is_sent(call, ship):
    """FORM-3: who wants what is there already overwrites nothing; the old tag is refused all the same."""
    assert call("PATCH", ship, {"log": "calm"}, If_Match='"1"')[0] == 412


@pytest.mark.parametrize("tag", ['"3"', 'W/"3"', "*", '"1", "3"'])
def test_what_is_known_is_not_sent_again(call, ship, tag):
    """API-2: If-None-Match."""
    status, data, response = call("GET", ship, If_None_Match=tag)
    assert (status, data, response["ETag"]) == (304, None, '"3"')
    assert call("GET", ship, If_None_Match='"2"')[0] == 200


def test_included_records_are_part_of_the_tag(call, ship):
    """API-2: what hangs on a record may change without it; the tag serves If-Match all the same."""
    harbour = call("POST", "/api/v1/harbours", {"name": "Bergen"})[1]["id"]
    call("PATCH", ship, {"harbour": harbour})
    tag = call("GET", f"{ship}?include=harbour")[2]["ETag"]
    assert call("GET", f"{ship}?include=harbour", If_None_Match=tag)[0] == 304
    call("PATCH", f"/api/v1/harbours/{harbour}", {"name": "Oslo"})
    assert call("GET", f"{ship}?include=harbour", If_None_Match=tag)[0] == 200
    assert call("PATCH", ship, {"masts": 1}, If_Match=tag)[0] == 200


def test_bulk_takes_the_revision_of_each(call, make_ship):
    """API-2: in a bulk change the revision stands in the item."""
    first, second = make_ship(), make_ship()
    call("PATCH", f"{SHIPS}/{second.pk}", {"masts": 2})
    items = [{"id": record.pk, "revision": 1, "masts": 3} for record in (first, second)]
    status, data, _ = call("PATCH", f"{SHIPS}/bulk", {"mode": "each", "items": items})
    assert (status, [item["status"] for item in data["items"]]) == (200, [200, 412])
    assert data["items"][1]["errors"][0]["changes"] == {"masts": 2}
    assert call("PATCH", f"{SHIPS}/bulk", {"mode": "all", "items": items})[0] == 422
    wrong = [{"id": first.pk, "revision": "x", "masts": 4}]
    assert call("PATCH", f"{SHIPS}/bulk", {"items": wrong})[1]["errors"][0]["field"] == "0.revision"


def test_the_same_change_of_many_costs_few_statements(call, make_ship, make_user, django_assert_max_num_queries):
    """API-2: set-based where all get the same values, with the answers of one by one where one refuses."""
    ships = [make_ship() for _ in range(30)]
    items = [{"id": ship.pk, "masts": 3} for ship in ships]
    with django_assert_max_num_queries(60):
        status, data, _ = call("PATCH", f"{SHIPS}/bulk", {"mode": "all", "items": items})
    assert (status, [item["status"] for item in data["items"]]) == (200, [200] * 30)
    assert {call("GET", f"{SHIPS}/{ship.pk}")[1]["masts"] for ship in ships[:3]} == {3}
    ships.append(make_ship(log="lost"))
    items = [{"id": ship.pk, "masts": 4} for ship in ships]
    status, data, _ = call("PATCH", f"{SHIPS}/bulk", {"mode": "each", "items": items})
    assert [item["status"] for item in data["items"]] == [200] * 30 + [409]
    assert call("PATCH", f"{SHIPS}/bulk", {"mode": "all", "items": items})[0] == 422
    reader = make_user(rules={"ships": ("all", ["view"])})
    status, data, _ = call("PATCH", f"{SHIPS}/bulk", {"mode": "each", "items": items}, user=reader)
    assert {item["status"] for item in data["items"]} == {403}


def test_head_options_and_wrong_methods(call, ship):
    """RFC 9110: HEAD is GET without content, OPTIONS names the methods, others are refused with them."""
    status, _, response = call("HEAD", ship)
    length = len(call("GET", ship)[2].content)
    assert (status, response.content, response["Content-Length"]) == (200, b"", str(length))
    status, _, response = call("OPTIONS", ship)
    assert (status, response["Allow"]) == (204, "DELETE, GET, HEAD, OPTIONS, PATCH")
    for method in ("PUT", "POST", "TRACE", "BREW"):
        status, data, response = call(method, ship)
        assert (status, response["Content-Type"]) == (405, "application/problem+json")
        assert (data["status"], response["Allow"]) == (405, "DELETE, GET, HEAD, OPTIONS, PATCH")


def test_answers_are_private(call, ship):
    """SEC-2: no shared cache may keep an answer, and each token has its own."""
    response = call("GET", ship)[2]
    assert "private" in response["Cache-Control"]
    assert "Authorization" in response["Vary"]
