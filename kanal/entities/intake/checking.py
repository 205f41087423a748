"""Validation of a source's mapping (INTAKE-1)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kanal.entities.intake.changes import CHANGES
from kanal.entities.intake.conditions import CONDITIONS
from kanal.entities.intake.senders import SENDERS

OWN_KEYS = frozenset(["fields", "fixed", "preset", "list", "only_if", "ignore_if", "decimal_sign"])


def check_mapping(mapping: Any, fields: Mapping[str, Any]) -> None:
    """Check a mapping: {"fields": [{"from", "to", "do"}], "fixed": {field: value}, …}. Raise ValueError."""
    if not isinstance(mapping, dict) or set(mapping) - OWN_KEYS:
        raise ValueError(
            _("A mapping has “fields” and “fixed”, and if wanted “preset”, “list”, “only_if”, “ignore_if”.")
        )
    entries, fixed = mapping.get("fields", []), mapping.get("fixed", {})
    if not isinstance(entries, list) or not isinstance(fixed, dict):
        raise ValueError(_("“fields” is a list, “fixed” an object."))
    for entry in entries:
        check_entry(entry)
    for name in [*(entry.get("to") for entry in entries), *fixed]:
        if name != "full_name" and name not in fields:
            raise ValueError(_("There is no field “%(field)s”.") % {"field": name})
    check_options(mapping)


def check_entry(entry: Any) -> None:
    """Raise ValueError for an invalid row of a mapping."""
    if (
        not isinstance(entry, dict)
        or not isinstance(entry.get("from"), str)
        or not isinstance(entry.get("do", []), list)
    ):
        raise ValueError(_("Each field has “from”, “to” and, if wanted, “do”."))
    if unknown := [change for change in entry.get("do", []) if change not in CHANGES]:
        raise ValueError(_("There is no transformation “%(name)s”.") % {"name": unknown[0]})


def check_options(mapping: Mapping[str, Any]) -> None:
    """Raise ValueError for invalid conditions, an unknown sender or a wrong decimal separator."""
    if mapping.get("preset", "") not in ("", *SENDERS):
        raise ValueError(_("There is no sender “%(name)s”.") % {"name": str(mapping["preset"])[:40]})
    if not isinstance(mapping.get("list", ""), str) or mapping.get("decimal_sign", "") not in ("", ".", ","):
        raise ValueError(_("“list” is a name or a path, “decimal_sign” a point or a comma."))
    for key in ("only_if", "ignore_if"):
        conditions = mapping.get(key, [])
        if not isinstance(conditions, list):
            raise ValueError(_("“only_if” and “ignore_if” are lists of conditions."))
        if not all(is_condition(condition) for condition in conditions):
            raise ValueError(_("A condition has “field”, “op” (is, not, contains, empty, set) and “value”."))


def is_condition(condition: Any) -> bool:
    """Return whether a condition is valid."""
    return (
        isinstance(condition, dict)
        and isinstance(condition.get("field"), str)
        and condition.get("op", "is") in CONDITIONS
    )
