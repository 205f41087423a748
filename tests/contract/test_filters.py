"""Every field of every type can be filtered as its kind says, on the list and by API; wrong values are refused."""

from typing import Any
from urllib.parse import quote

import pytest

from kanal.core.fields import Field, fields_of
from kanal.core.query import FilterContext, condition, order_of, parse
from kanal.core.query.operators import OPERATORS_BY_CATEGORY
from kanal.core.query.tree import QueryError
from kanal.kit.errors import NotFound
from tests.contract.test_registry import ENTITIES

SAMPLES: dict[str, tuple[str, ...]] = {
    "text": ("a",),
    "number": ("1", "2"),
    "money": ("1", "2", "EUR"),
    "boolean": ("true",),
    "date": ("2026-01-01", "today"),
    "datetime": ("2026-01-01", "this month"),
    "relation": ("1", "2"),
    "relations": ("1", "2"),
}
ONE = {"gt", "lt", "before", "after", "on"}
SPANS = {"within": ("last", "30", "days"), "older": ("3", "weeks")}
WRONG = {
    "number": "is(many)", "money": "gt(a,EUR)", "boolean": "is(perhaps)", "date": "on(someday)",
    "datetime": "before(2026-13-01)", "relation": "any(x)", "relations": "any(-1)", "choice": "any(no_such_choice)",
}  # fmt: skip


def values_for(field: Field, op: str) -> tuple[str, ...]:
    """Return values that fit an operator."""
    category = field.type.category
    if op in ("empty", "set"):
        return ()
    if op in SPANS:
        return SPANS[op]
    if category in ("choice", "choices"):
        return tuple(option.key for option in field.options())[:2] or ("none",)
    values = SAMPLES[category]
    if op == "between":
        return values
    if op in ONE:
        return (values[0], "EUR") if category == "money" else values[:1]
    return values[:1] if category == "boolean" else values


def conditions_of(entity: Any) -> list[str]:
    """Write a filter for each field and each operator of its kind."""
    conditions = []
    for key, field in fields_of(entity).items():
        category = field.type.category
        if category not in OPERATORS_BY_CATEGORY:
            continue
        for op in sorted(OPERATORS_BY_CATEGORY[category][0]):
            values = ",".join(quote(value) for value in values_for(field, op))
            if category in ("choice", "choices") and not field.options() and op not in ("empty", "set"):
                continue
            conditions.append(f"{key}:{op}({values})" if values else f"{key}:{op}")
    return conditions


@ENTITIES
def test_each_operator_of_each_field_can_be_asked(world, entity):
    """LIST-2: every filter that a kind offers becomes one condition that the database understands."""
    reader = FilterContext(world.admin)
    for text in conditions_of(entity):
        try:
            list(entity.model._default_manager.filter(condition(parse(text), entity, reader))[:1])
        except Exception as problem:
            raise AssertionError(f"{entity.key}: {text}") from problem


@ENTITIES
def test_each_field_can_be_sorted_by_or_says_that_it_can_not(world, entity):
    """LIST-1: a sort is total, or refused in words."""
    reader = FilterContext(world.admin)
    for key, field in fields_of(entity).items():
        try:
            order = order_of(f"-{key}", entity, reader)
        except QueryError:
            assert field.type.category in ("relations", "json", "choices")
            continue
        list(entity.model._default_manager.order_by(*[ordering for _key, ordering in order]).values("pk")[:2])


@ENTITIES
def test_filters_run_through_list_and_api(world, browse, call, entity):
    """LIST-2, API: all conditions of a type at once, joined by OR, answer on the list and by API."""
    texts = conditions_of(entity)
    for start in range(0, len(texts), 60):
        text = quote("(" + "|".join(texts[start : start + 60]) + ")")
        response = browse().get(f"{entity.list_url}?filter={text}")
        assert response.status_code == 200
        assert "shown" not in response.context or not response.context["shown"].problem
        status, data = call("GET", f"/{entity.key}?filter={text}&limit=5")
        assert status == 200, data


@ENTITIES
def test_wrong_values_are_refused(world, browse, call, entity):
    """LIST-2: by API 422 naming what is wrong, on the page no rows and a sentence."""
    wrong = {"nothing": "is(1)"} | {field.key: WRONG[field.type.category] for field in by_category(entity).values()}
    for key, test in wrong.items():
        status, data = call("GET", f"/{entity.key}?filter={quote(f'{key}:{test}')}")
        assert (status, bool(data["errors"])) == (422, True), f"{key}:{test}"
    key, test = next(reversed(wrong.items()))
    response = browse().get(f"{entity.list_url}?filter={quote(f'{key}:{test}')}")
    assert response.status_code == 200
    if "shown" not in response.context:
        return  # a room's own list, which takes no filter
    assert response.context["shown"].problem
    assert response.context["shown"].page is None


def by_category(entity: Any) -> dict[str, Field]:
    """Return one field of each category."""
    return {field.type.category: field for field in fields_of(entity).values() if field.type.category in WRONG}


@ENTITIES
def test_only_fields_that_are_there_can_be_asked(world, entity):
    """LIST-2: no internal column can be filtered by, so that nothing leaks through conditions."""
    hidden = {column.attname for column in entity.model._meta.concrete_fields} - {
        name for field in fields_of(entity).values() for name in (field.column, f"{field.column}_id")
    }
    for name in hidden - {"id"}:
        with pytest.raises((QueryError, NotFound)):
            condition(parse(f"{name}:is(1)"), entity, FilterContext(None))
