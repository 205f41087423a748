"""Converts a model's columns to `Field`s. Label, limits, choices and help are only declared on the column."""

from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from kanal.core.fields import columns
from kanal.core.fields.choices import ChoiceType, MultipleRelationType, RelationType
from kanal.core.fields.field import Field, Option
from kanal.core.fields.type_registry import FIELD_TYPES, type_of_column
from kanal.core.fields.types import FieldType


def field_type_of(column: Any) -> FieldType:
    """Return the field type of a column."""
    from kanal.core.models import Choice as ChoiceTable

    if column.many_to_many:
        return FIELD_TYPES[MultipleRelationType.key]
    if column.is_relation:
        return FIELD_TYPES[(ChoiceType if issubclass(column.related_model, ChoiceTable) else RelationType).key]
    if column.choices or isinstance(column, columns.CountryColumn | columns.CurrencyColumn):
        return FIELD_TYPES[ChoiceType.key]
    return type_of_column(column)


def limits_of(column: Any) -> dict[str, Any]:
    """Return minimum and maximum of the column and its validators."""
    limits = {"minimum": getattr(column, "minimum", None), "maximum": getattr(column, "maximum", None)}
    for validator in column.validators:
        if isinstance(validator, MinValueValidator):
            limits["minimum"] = max(tightest(limits["minimum"], validator))
        if isinstance(validator, MaxValueValidator):
            limits["maximum"] = min(tightest(limits["maximum"], validator))
    return limits


def tightest(limit: Any, validator: Any) -> tuple[Any, ...]:
    """Return a limit and that of a validator, or only the latter if there is none yet."""
    return (validator.limit_value,) if limit is None else (limit, validator.limit_value)


def choices_of(column: Any) -> tuple[Option, ...]:
    """Return the options of a column with fixed choices, of currencies and countries.

    The model may define colors for a column `status` in STATUS_COLOURS, by key.
    """
    if isinstance(column, ArrayField):
        column = column.base_field
    colours = getattr(getattr(column, "model", None), f"{column.name or ''}_COLOURS".upper(), {})
    options = ((str(key), label) for key, label in column.choices or () if key not in (None, ""))
    return tuple(Option(key, label, colours.get(key, "")) for key, label in options)


def relation_target(column: Any, field_type: FieldType) -> dict[str, Any]:
    """Return the target of a relation or of a choice from a table."""
    from kanal.core import registry

    if isinstance(field_type, ChoiceType) and column.is_relation:
        return {"table": column.related_model, "group": column.get_limit_choices_to().get("group", "")}
    if isinstance(column, columns.CurrencyColumn):
        from kanal.core.fields.code_tables import Currencies

        return {"table": Currencies}
    if isinstance(column, columns.CountryColumn):
        from kanal.core.fields.code_tables import Countries

        return {"table": Countries}
    if isinstance(field_type, RelationType | MultipleRelationType):
        entity = registry.of(column.related_model)
        return {"target": entity.key if entity else "", "links": column if column.many_to_many else None}
    return {}


@cache
def model_field(model: type[models.Model], name: str) -> Field:
    """Return the field of a model's column."""
    return field_from(model._meta.get_field(name))


def field_from(column: Any) -> Field:
    """Convert a column to a field."""
    field_type = field_type_of(column)
    default = column.default if column.has_default() else None
    return Field(
        key=column.name,
        label=column.verbose_name,
        type=field_type,
        column=column.name,
        required=not column.blank and not isinstance(column, models.BooleanField),
        read_only=not column.editable,
        help=column.help_text,
        max_length=getattr(column, "max_length", None),
        digits=getattr(column, "decimal_places", None),
        places=column.max_digits - column.decimal_places if isinstance(column, models.DecimalField) else None,
        choices=() if column.is_relation or column.many_to_many else choices_of(column),
        currency=getattr(column, "currency", ""),
        converted=getattr(column, "converted", ""),
        day=getattr(column, "day", ""),
        over=getattr(column, "over", ""),
        default=default,
        is_secret=isinstance(column, columns.SecretColumn),
        **limits_of(column),
        **relation_target(column, field_type),
    )
