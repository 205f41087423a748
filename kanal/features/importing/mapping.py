"""Mapping of a file's columns to fields: the available fields, and guesses from the header."""

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from kanal.core import access
from kanal.core.entity import Entity
from kanal.core.listing.columns import EXPORTED_ID
from kanal.features.importing import presets
from kanal.kit.letters import fold

CURRENCY = ".currency"
REPEATED = re.compile(r" \(\d+\)$")
FULL_NAME = "full_name"
# Text fields that several columns may be mapped to, with the separator of their cells.
JOINED = {
    "long_text": "\n",
    "street": ", ",
    "first_name": " ",
    "last_name": " ",
    FULL_NAME: " ",
    "email": "; ",
    "phone": "; ",
}


def targets(user: Any, entity: Entity) -> dict[str, Any]:
    """Return the mapping targets as {key: label}. The id is for matching; money has a separate currency."""
    labels: dict[str, Any] = {"id": _("ID")}
    fields = access.FieldContext(user, entity).writable
    for key, field in fields.items():
        if field.type.category == "json":
            continue
        if key == "first_name" and "last_name" in fields:
            labels[FULL_NAME] = _("Full name")
        labels[key] = field.label
        if field.type.category == "money":
            labels[key + CURRENCY] = _("%(field)s (currency)") % {"field": field.label}
    return labels


def is_own(heads: list[str], labels: Iterable[Any]) -> bool:
    """Return whether a file is an export of Kanal: by its id column, or four that only a full export has."""
    given = {normalize_header(head) for head in heads}
    return normalize_header(str(EXPORTED_ID)) in given or all(normalize_header(str(label)) in given for label in labels)


def guess(heads: list[str], offered: dict[str, Any], entity: str = "", *, is_own: bool = False) -> dict[str, str]:
    """Return a guessed mapping {header: key} by label, key and common headers, ignoring case, accents and punctuation.

    Kanal's own exports are unambiguous: common headers of other systems don't apply to them.
    """
    names = (
        {normalize_header(key): key for key in offered}
        | keys_by_label(offered)
        | {normalize_header(str(EXPORTED_ID)): "id"}
    )
    usual = {} if is_own else {normalize_header(name): key for name, key in presets.usual(entity) if key in offered}
    keys_by_head: dict[str, str] = {}
    for head in heads:
        key = names.get(normalize_header(head), "")
        if key and key not in keys_by_head.values():
            keys_by_head[head] = key
    places = {normalize_header(head): head for head in reversed(heads)}
    for name, key in usual.items():  # the most certain come first
        if name in places and places[name] not in keys_by_head and key not in keys_by_head.values():
            keys_by_head[places[name]] = key
    further = {normalize_header(head): key for head, key in presets.FURTHER.items() if key in keys_by_head.values()}
    keys_by_head |= {
        head: further[normalize_header(head)]
        for head in heads
        if head not in keys_by_head and normalize_header(head) in further
    }
    return keys_by_head | repeated(heads, keys_by_head)


def repeated(heads: list[str], keys_by_head: dict[str, str]) -> dict[str, str]:
    """Return the columns that repeat another one's header and can be joined with it."""
    firsts = {head: REPEATED.sub("", head) for head in heads if head not in keys_by_head and REPEATED.search(head)}
    return {head: keys_by_head[first] for head, first in firsts.items() if keys_by_head.get(first) in JOINED}


def keys_by_label(offered: dict[str, Any]) -> dict[str, str]:
    """Return the keys by label in each language. Labels in the reader's language take precedence."""
    own = {normalize_header(str(label)): key for key, label in offered.items()}
    other: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            other |= {normalize_header(str(label)): key for key, label in offered.items()}
    return {name: key for name, key in {**other, **own}.items() if name}


def normalize_header(text: str) -> str:
    """Return only the letters and digits of a header."""
    return re.sub(r"[\W_]+", "", fold(text))


def clashes(mapping: dict[str, str], kinds: dict[str, str]) -> list[str]:
    """Return the keys that several columns are mapped to but that can't be joined because they aren't texts."""
    keys = list(mapping.values())
    return sorted({key for key in keys if keys.count(key) > 1 and not joint(key, kinds)})


def joint(key: str, kinds: dict[str, str]) -> str:
    """Return the separator for several columns of one field, or ""."""
    return JOINED.get(key, "") or JOINED.get(kinds.get(key, ""), "")


def places(heads: Iterable[str], mapping: dict[str, str]) -> dict[str, list[int]]:
    """Return the column indexes of each field."""
    places_by_key: dict[str, list[int]] = {}
    for place, head in enumerate(heads):
        if key := mapping.get(head, ""):
            places_by_key.setdefault(key, []).append(place)
    return places_by_key
