"""Null empties a field by API, an empty text only one that holds texts; the document says what is asked for (API-1)."""

import datetime as dt
import json

import jsonschema_rs
import pytest

from kanal.api import lookups
from kanal.api.resources import dump_json
from kanal.core import registry
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.models import Category, Currency, CustomField, ExchangeRate, SavedFilter
from kanal.core.query import parse, to_json
from tests.api.conftest import SHIPS

TEXTS = ("text", "json")


@pytest.fixture
def odd(call):
    """Make a custom field of a number and return a ship."""
    CustomField.objects.create(entity="ships", key="knots", name="Knots", kind="decimal")
    invalidate()
    return call("POST", SHIPS, {"name": "Aurora", "custom": {"knots": "7.5"}})[1]


def test_an_empty_text_empties_nothing_but_texts(call, odd):
    """API-1, kind “what was not given”: neither a relation, a day, a number nor a choice, alone, in bulk or custom."""
    address = f"{SHIPS}/{odd['id']}"
    fields = {
        key: candidate
        for key, candidate in fields_of(registry.get("ships")).items()
        if not candidate.read_only and key != "id"
    }
    others = [candidate for candidate in fields.values() if candidate.type.category not in TEXTS]
    assert len(others) > 8
    for field in others:
        body = {"custom": {field.name: " "}} if field.is_custom else {field.key: ""}
        status, data, _response = call("PATCH", address, body)
        assert (status, [error["field"] for error in data["errors"]]) == (422, [field.key])
        assert "send null" in data["errors"][0]["message"]
    items = [{"id": odd["id"], "masts": ""}, {"id": odd["id"], "masts": None}]
    done = call("PATCH", f"{SHIPS}/bulk", {"mode": "each", "items": items})[1]["items"]
    assert [item["status"] for item in done] == [422, 200]
    made = call("POST", f"{SHIPS}/bulk", {"mode": "each", "items": [{"name": "Bo", "launched": ""}, {"name": "Bø"}]})[1]
    assert [item["status"] for item in made["items"]] == [422, 201]
    assert call("GET", address)[1]["custom"]["knots"] == "7.5"


def test_null_is_offered_where_it_empties(call, odd):
    """API-1a: a required field does not offer null, and what a new record needs is named as required."""
    document = call("GET", "/api/v1/openapi.json")[1]
    for entity in registry.all_entities():
        change = document["components"]["schemas"][f"{entity.key}.change"]["properties"]
        for field in fields_of(entity).values():
            if field.required and not field.is_custom and field.key in change:
                kinds = change[field.key].get("type", "")
                assert "null" not in ([kinds] if isinstance(kinds, str) else kinds), (entity.key, field.key)
    assert "project" in document["components"]["schemas"]["leads.new"]["required"]
    assert "assignee" not in document["components"]["schemas"]["activities.new"].get("required", ())
    items = document["components"]["schemas"]["quotes.add-items"]
    checked = jsonschema_rs.Draft202012Validator(items)
    assert checked.is_valid({"items": [{"name": "Workshop"}]})
    assert not checked.is_valid({"items": {}})


def test_a_status_that_an_action_alone_reaches_is_not_offered_to_a_new_record(call):
    """API-1a: nothing is offered that can't succeed."""
    schemas = call("GET", "/api/v1/openapi.json")[1]["components"]["schemas"]
    offered = set(schemas["opportunities.new"]["properties"]["status"]["enum"])
    assert "won" not in offered
    assert offered < set(schemas["opportunities"]["properties"]["status"]["enum"])


def test_a_long_table_goes_on(call, monkeypatch):
    """API-1: what does not fit into one answer follows by its cursor; none is lost, the count is that of all."""
    every = Category.objects.count()
    assert every > 8
    ids, cursor = [], ""
    while cursor is not None:
        data = call("GET", f"/api/v1/categories?limit=7&cursor={cursor}")[1]
        assert data["count"] == every
        ids += [item["id"] for item in data["items"]]
        cursor = data["next"]
    assert len(ids) == len(set(ids)) == every
    monkeypatch.setattr(lookups, "MOST", 5)
    assert call("GET", "/api/v1/categories")[1]["next"]
    assert call("GET", "/api/v1/categories?cursor=x")[0] == 422
    assert call("GET", "/api/v1/categories?limit=0")[0] == 422


def test_saved_filters_go_on_where_the_page_ended(call, admin):
    """API-1: what is no plain table is read on by the same cursor, and comes to an end."""
    tree = to_json(parse("masts:gt(1)"))
    made = [SavedFilter.objects.create(entity="ships", name=name, owner=admin, tree=tree).pk for name in "CAB"]
    ids, cursor = [], ""
    for _page in range(3):
        data = call("GET", f"/api/v1/saved-filters?limit=1&cursor={cursor}")[1]
        ids += [item["id"] for item in data["items"]]
        cursor = data["next"]
    assert (ids, cursor, data["count"]) == (made, None, 3)


def test_a_rate_names_its_currency_by_code(call):
    """API-1a: as money does, by page and as the document says."""
    other = Currency.objects.filter(is_main=False).first() or Currency.objects.create(code="SEK", in_use=True)
    ExchangeRate.objects.create(currency=other, day=dt.date(2026, 3, 1), rate="0.1")
    rates = call("GET", "/api/v1/exchange-rates")[1]["items"]
    assert rates
    codes = {currency["code"] for currency in call("GET", "/api/v1/currencies")[1]["items"]}
    assert all(rate["currency"] in codes for rate in rates)
    document = call("GET", "/api/v1/openapi.json")[1]
    content = document["paths"]["/api/v1/exchange-rates"]["get"]["responses"]["200"]["content"]["application/json"]
    assert content["schema"]["properties"]["items"]["items"]["properties"]["currency"]["type"] == "string"


def test_a_number_of_any_size_is_given_out_again():
    """SEC-4: beside a moment, as in the history of what a sender's own data were."""
    data = {"at": dt.datetime(2026, 3, 31, 9, 30, tzinfo=dt.UTC), "value": 2**70}
    assert json.loads(dump_json(data)) == {"at": "2026-03-31T09:30:00+00:00", "value": 2**70}
