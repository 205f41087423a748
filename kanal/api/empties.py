"""What empties a field by API: null does; an empty text is a value of texts alone."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.kit.errors import Invalid

TEXTS = ("text", "json")


def refuse_empty_texts(fields: Mapping[str, Field], data: Mapping[str, Any]) -> None:
    """Raise Invalid where a field that holds no text is given an empty one."""
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
    """Raise Invalid where a field of a record is given an empty text that it can't hold."""
    refuse_empty_texts(fields_of(entity), data)
