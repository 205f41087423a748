"""Whatever somebody gives a field, the field refuses what its column can't hold, before the database does (FORM-1)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from kanal.core import writes
from kanal.core.actor import SYSTEM
from kanal.core.fields import fields_of
from kanal.kit.errors import Invalid, KanalError
from tests.contract.test_registry import ENTITIES

DEEP: list = []
for _level in range(150):
    DEEP = [DEEP]
EXTREMES = [
    "x" * 70_000, "a\x00b", "\ud800", "\ud800.example", "9" * 30, "-" + "9" * 30, "1e13", "-1e13", "1e40", "1e-40",
    "99999999999",     10**9, -(10**9), 2**31 - 1, 2**31, 2**15, -(2**15) - 1, 2**63, 10**30, 0.1 + 0.2,
    Decimal("1e-9"), Decimal("NaN"),
    "Infinity", "0001-01-01", "9999-12-31", "10000-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    dt.datetime.max, dt.datetime.min, dt.date.max, "99:99", {}, {"a": "\x00"}, {"a": DEEP}, [["\ud800"]], [{}], DEEP,
    {"amount": "99999999999999", "currency": "EUR"}, {"amount": "1e15", "currency": "EUR"},
    {"amount": "", "currency": "EUR"},     {"amount": "\x00", "currency": "EUR"}, {"amount": "1", "currency": "\x00"},
    {"amount": [], "currency": {}}, True, 1.5,
]  # fmt: skip


@ENTITIES
def test_no_value_is_refused_by_the_database_alone(world, entity):
    """Every field of every type, with every extreme: stored, or refused by a sentence at the field."""
    record, wrong = world.find(entity.key), []
    for key, field in fields_of(entity).items():
        if field.is_custom or field.read_only or field.type.category in ("relation", "relations"):
            continue
        for place, raw in enumerate(EXTREMES):
            try:
                with transaction.atomic():
                    writes.change(record, {key: raw}, by=SYSTEM)
                    transaction.set_rollback(True)
            except Invalid as problem:
                if not problem.errors:
                    wrong.append((key, place, "no field"))
            except KanalError:
                continue
            except Exception as problem:
                wrong.append((key, place, str(raw)[:40], repr(problem)[:160]))
    assert wrong == []


@ENTITIES
def test_a_bad_one_among_many_is_named_alone(world, entity):
    """API-2, IMP-4: five good ones are made though one holds what no column holds."""
    numbers = [key for key, field in fields_of(entity).items() if field.type.category in ("number", "money", "text")]
    keys = [key for key in numbers if not fields_of(entity)[key].read_only and not fields_of(entity)[key].is_custom]
    if not entity.is_creatable or not keys:
        return
    bad = {"text": "a\x00b", "number": "9" * 40, "money": {"amount": "9" * 40, "currency": "EUR"}}
    for key in keys:
        field = fields_of(entity)[key]
        items = [world.values(entity, full=False) for _ in range(4)]
        before = made_of(entity, items).problems.keys()
        items[2] = {**items[2], key: bad[field.type.category]}
        outcome = made_of(entity, items)
        assert outcome.problems.keys() == before | {2}, (key, outcome.refused)
        assert key in outcome.problems[2].errors, outcome.refused


def made_of(entity, items):
    """Make records, and take them back."""
    with transaction.atomic():
        outcome = writes.create_many(entity, items, by=SYSTEM, strict=False)
        transaction.set_rollback(True)
    return outcome


def test_what_only_the_database_refuses_is_found_by_halving(world, monkeypatch):
    """A value that no field knows of: the one record is named, the others are made."""
    from kanal.core import registry

    ships = registry.get("ships")
    keep = ships.rules.derive

    def derive(record, changed):
        if keep:
            keep(record, changed)
        if record.name == "Bad":
            record.length = 10**12

    monkeypatch.setattr(type(ships.rules), "derive", property(lambda _rules: derive))
    items = [{**world.values(ships, full=False), "name": "Bad" if n == 5 else f"Good {n}"} for n in range(9)]
    outcome = writes.create_many(ships, items, by=SYSTEM, strict=False)
    assert list(outcome.problems) == [5]
    assert len(outcome.made) == 8


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"amount": "12.345", "currency": "JPY"}, "decimals"),
        ({"amount": "12.345", "currency": "EUR"}, "decimals"),
        ({"amount": "", "currency": "EUR"}, "null"),
        ({"amount": [], "currency": "EUR"}, "null"),
        ({}, "null"),
        ([], "list"),
    ],
)
def test_money_that_says_nothing_clear_is_refused(world, given, said):
    """API-1: an amount has its currency's decimals, and only null takes it away."""
    from kanal.core import registry
    from kanal.core.models import Currency

    Currency.objects.get_or_create(code="JPY", defaults={"position": 9})
    field = fields_of(registry.get("opportunities"))["value"]
    with pytest.raises(ValueError, match=said):
        field.clean(given)
    assert field.clean(None) is None
    assert not field.clean({"amount": None, "currency": "EUR"})
