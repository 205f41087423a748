"""The field types: by key, by column class, and those available for custom fields."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields import choices, filters, marks, news, numbers, texts, times, types
from kanal.core.fields.types import FieldType

FIELD_TYPES: dict[str, FieldType] = {
    field_type.key: field_type()
    for field_type in (
        texts.TextType,
        texts.LongTextType,
        numbers.IntegerType,
        numbers.DecimalType,
        numbers.MoneyType,
        numbers.PercentType,
        times.DateType,
        times.DateTimeType,
        types.BooleanType,
        news.NewsType,
        choices.ChoiceType,
        choices.MultipleChoiceType,
        marks.MarksType,
        choices.RelationType,
        choices.MultipleRelationType,
        texts.LinkType,
        texts.EmailType,
        texts.PhoneType,
        texts.ColourType,
        types.JsonType,
        filters.FilterType,
    )
}
TYPE_OF_COLUMN: dict[type, FieldType] = {
    column: field_type
    for field_type in FIELD_TYPES.values()
    for column in vars(type(field_type)).get("model_fields", ())  # a base class keeps its own columns
}


def type_of_column(column: models.Field) -> FieldType:
    """Return the field type of a model's column: that of its class or of the nearest base class."""
    return next(TYPE_OF_COLUMN[cls] for cls in type(column).__mro__ if cls in TYPE_OF_COLUMN)


@dataclass(frozen=True)
class CustomFieldType:
    """A type for custom fields: a field type, for relations with the target type."""

    label: Any
    type: FieldType
    target: str = ""


RELATIONS = {"user": (_("User"), "users"), "contact": (_("Contact"), "contacts"), "account": (_("Account"), "accounts")}


@cache
def custom_field_types() -> dict[str, CustomFieldType]:
    """Return the types of custom fields by key, in the order of the settings."""
    offered: dict[str, CustomFieldType] = {}
    for key, field_type in FIELD_TYPES.items():
        if field_type.label:
            offered[key] = CustomFieldType(field_type.label, field_type)
        if key == choices.RelationType.key:
            offered |= {name: CustomFieldType(label, field_type, to) for name, (label, to) in RELATIONS.items()}
    return offered
