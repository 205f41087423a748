"""Values as the page of an import writes them for people."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core import access, currencies, registry
from kanal.core.fields import Field
from kanal.kit.numbers import format_money, format_number
from kanal.kit.writing import written_day, written_moment


def written(one: Field, value: Any, titles: Mapping[str, Mapping[int, str]] | None = None) -> str:
    """Return a raw or dumped value of a field as people read it."""
    if value in (None, "", []):
        return ""
    language = get_language() or "en"
    family = one.kind.family
    if family == "money":
        currency = value.get("currency") or currencies.main()
        return format_money(Decimal(str(value["amount"])), currency, language)
    if family == "number":
        text = format_number(Decimal(str(value)), language)
        return f"{text} %" if one.kind.key == "percent" else text
    if family in ("date", "datetime"):
        return moment(value)
    if family == "boolean":
        return _("Yes") if value else _("No")
    if family in ("relation", "relations"):
        names = (titles or {}).get(one.target, {})
        return ", ".join(names.get(pk, f"#{pk}") for pk in (value if isinstance(value, list) else [value]))
    if family in ("choice", "choices"):
        labels = {option.key: str(option.label) for option in one.options()}
        return ", ".join(labels.get(key, str(key)) for key in (value if isinstance(value, list) else [value]))
    return str(value)


def moment(value: Any) -> str:
    """Return a day or a moment."""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value) if "T" in value else dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return written_moment(local, get_language() or "en")
    return written_day(value, get_language() or "en")


def titles_for(user: Any, fields: Mapping[str, Field], values: Iterable[tuple[str, Any]]) -> dict[str, dict[int, str]]:
    """Return the names of the records that some values point at, by type; one query for each."""
    wanted: dict[str, set[int]] = {}
    for key, value in values:
        one = fields.get(key)
        if one is not None and one.kind.family in ("relation", "relations") and value:
            wanted.setdefault(one.target, set()).update(value if isinstance(value, list) else [value])
    return {target: access.display_names(user, registry.get(target), ids) for target, ids in wanted.items()}
