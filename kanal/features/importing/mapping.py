"""Which column of a file is which field, and how a cell becomes what the pen takes: labels, ids, names."""

import re
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.core.fields import Cleaning, Field
from kanal.kit.errors import Invalid
from kanal.kit.letters import fold

CURRENCY = ".currency"
WITH_ID = re.compile(r"(?:.*\()?#(\d{1,18})\)?")
SEPARATOR = re.compile(r"\s*;\s*")


def targets(user: Any, entity: Entity) -> dict[str, Any]:
    """List what a column can be mapped to: (key, label); the id serves to match, money has its currency apart."""
    found: dict[str, Any] = {"id": "Id"}
    for key, field in access.writable_fields(user, entity).items():
        if field.kind.family == "json":
            continue
        found[key] = field.label
        if field.kind.family == "money":
            found[key + CURRENCY] = _("%(field)s (currency)") % {"field": field.label}
    return found


def guess(heads: list[str], offered: dict[str, Any]) -> dict[str, str]:
    """Guess the mapping {head: key} by labels and keys, without regard to case, accents and signs."""
    names = {plain(str(label)): key for key, label in offered.items()} | {plain(key): key for key in offered}
    found: dict[str, str] = {}
    for head in heads:
        key = names.get(plain(head), "")
        if key and key not in found.values():
            found[head] = key
    return found


def plain(text: str) -> str:
    """Reduce a head to its letters and digits."""
    return re.sub(r"[^a-z0-9]+", "", fold(text))


def values_of(
    cells: dict[str, str], mapping: dict[str, str], fields: dict[str, Field], user: Any, seen: Cleaning
) -> dict[str, Any]:
    """Turn a row {head: text} into raw values for the pen; raise Invalid where a choice or a record is not known."""
    found: dict[str, Any] = {}
    errors: dict[str, list] = {}
    by_key = {key: cells.get(head, "") for head, key in mapping.items()}
    for key, text in by_key.items():
        if key not in fields:
            continue
        try:
            found[key] = value_of(fields[key], text, by_key, user, seen)
        except ValueError as problem:
            errors[key] = [str(problem)]
    if errors:
        raise Invalid(errors)
    return found


def value_of(field: Field, text: str, by_key: dict[str, str], user: Any, seen: Cleaning) -> Any:
    """Turn one cell into a raw value."""
    family = field.kind.family
    if family == "money":
        currency = by_key.get(field.key + CURRENCY, "")
        return {"amount": text, **({"currency": currency} if currency else {})} if text else None
    if family in ("choices", "relations"):
        parts = [part for part in SEPARATOR.split(text) if part]
        return [one(field, part, user, seen) for part in parts]
    return one(field, text, user, seen) if text else ""


def one(field: Field, text: str, user: Any, seen: Cleaning) -> Any:
    """Turn the label of a choice into its key, the name of a record into its id."""
    family = field.kind.family
    if family in ("choice", "choices"):
        labels = seen.once(("labels", field.key), lambda: labels_of(field))
        return labels.get(fold(text), text)
    if family in ("relation", "relations"):
        return seen.once(("named", field.target, text), lambda: named(field, text, user))
    if family == "boolean":
        return {"ja": "yes", "yes": "yes", "x": "yes", "nein": "no", "nei": "no"}.get(fold(text), text)
    return text


def labels_of(field: Field) -> dict[str, str]:
    """Give the keys of a choice by their folded labels."""
    return {fold(str(option.label)): option.key for option in reversed(field.options())}


def is_id(text: str) -> bool:
    """Tell whether a cell names a record by its id."""
    return (text.isascii() and text.isdigit()) or WITH_ID.fullmatch(text) is not None


def named(field: Field, text: str, user: Any) -> int:
    """Find the record that a cell names: by id as an export writes it, else by its name alone; raise ValueError."""
    if text.isascii() and text.isdigit():
        return int(text)
    if found := WITH_ID.fullmatch(text):
        return int(found[1])
    target = registry.get(field.target)
    ids = list(access.visible_to(user, target).filter(**{target.title: text}).values_list("pk", flat=True)[:2])
    if len(ids) != 1:
        reason = _("There is no “%(name)s”.") if not ids else _("There are several named “%(name)s”: give the id.")
        raise ValueError(reason % {"name": text[:80]})
    return ids[0]
