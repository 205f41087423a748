"""Each field type has a presenter, and what a presenter writes into a control it reads back."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.checks import run_checks
from django.http import QueryDict
from django.utils import translation

from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.fields.types import FieldType
from kanal.core.query.operators import OPERATORS_BY_CATEGORY
from kanal.kit.money import Money
from kanal.web import jinja
from kanal.web.fieldtypes import PRESENTERS, Entry
from kanal.web.fieldtypes.filter_labels import OPERATORS

VALUES = {
    "text": "Oslo", "long_text": "Two\nlines", "email": "ada@berg.example", "phone": "+4722334455",
    "link": "https://berg.example", "colour": "#2f6fed", "integer": 1250, "decimal": Decimal("1250.5"),
    "percent": Decimal("12.25"), "money": Money(Decimal("1250.50"), "EUR"), "date": dt.date(2026, 3, 31),
    "datetime": dt.datetime(2026, 3, 31, 9, 30, tzinfo=dt.UTC), "boolean": True, "choice": "red", "choices": ["red"],
    "relation": 7, "relations": [7, 9], "json": {"a": [1]}, "filter": {},
}  # fmt: skip

COMPUTED = {"marks", "news"}  # never typed in


def test_a_type_without_a_presenter_is_reported(monkeypatch):
    class AngleType(FieldType):
        key = "angle"

    monkeypatch.setitem(FIELD_TYPES, "angle", AngleType())
    (error,) = [error for error in run_checks() if error.id == "kanal.E004"]
    assert "“angle” has no presenter" in error.msg
    assert "@presents(AngleType)" in error.msg


def test_every_type_is_tried_here():
    assert set(VALUES) | COMPUTED == set(FIELD_TYPES) == set(PRESENTERS.keys())


@pytest.mark.parametrize("key", FIELD_TYPES)
def test_what_is_offered_exists(key):
    """FORM-1, LIST-2: the control has its template, and operators have a name and a meaning."""
    field_type, presenter = FIELD_TYPES[key], PRESENTERS[key]
    jinja.environment().get_template(f"controls/{presenter.control}.jinja")
    meant = OPERATORS_BY_CATEGORY.get(field_type.category, (set(), None))[0]
    assert set(presenter.operators) <= meant | {"empty", "set"} | OPERATORS.keys()
    assert bool(presenter.operators) is (field_type.category in OPERATORS_BY_CATEGORY)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("key", VALUES)
def test_what_a_control_holds_is_read_back(key, language):
    """FORM-1: saving a form that nobody touched changes nothing."""
    field = Field("value", "Value", FIELD_TYPES[key])
    with translation.override(language):
        entry = Entry(field)
        entry.presenter.show(entry, VALUES[key])
        posted = QueryDict(mutable=True)
        posted.setlist("value", entry.texts or [entry.text])
        posted["value_currency"] = entry.currency
        raw = entry.presenter.parse(field, posted, "value")
    if key in ("choice", "choices", "relation", "relations"):  # their keys and ids are checked by other records
        assert raw == ([str(value) for value in VALUES[key]] if isinstance(VALUES[key], list) else str(VALUES[key]))
    else:
        assert field.clean(raw) == VALUES[key]
