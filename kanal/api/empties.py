"""Clearing a field through the API requires null. An empty text is only a value of texts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.kit.errors import Invalid

TEXTS = ("text", "json")


def refuse_empty_texts(fields: Mapping[str, Field], data: Mapping[str, Any]) -> None:
    """Raise Invalid for empty texts in fields that aren't texts."""
    given = dict(data)
    if isinstance(custom := given.pop("custom", None), Mapping):
        given |= {f"custom.{name}": value for name, value in custom.items()}
    errors = {
        key: [_("This field can't be an empty string; send null to clear it.")]
        for key, value in given.items()
        if isinstance(value, str) and not value.strip() and key in fields and fields[key].type.category not in TEXTS
    }
    if errors:
        raise Invalid(errors)


def refuse_empty_texts_of(entity: Entity, data: Mapping[str, Any]) -> None:
    """Raise Invalid for empty texts in fields of a record that can't store them."""
    refuse_empty_texts(fields_of(entity), data)
