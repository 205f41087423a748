"""The door: which records and fields a user may see or touch. Pages, API, search, export and jobs all go through it."""

from kanal.core.access.door import may, may_with, visible_to
from kanal.core.access.fetch import allowed_on, get_for, require, those_of, titles_of
from kanal.core.access.fields import readable_fields, writable_fields
from kanal.core.access.grants import Grants, forget_grants, grants_of

__all__ = [
    "Grants",
    "allowed_on",
    "forget_grants",
    "get_for",
    "grants_of",
    "may",
    "may_with",
    "readable_fields",
    "require",
    "those_of",
    "titles_of",
    "visible_to",
    "writable_fields",
]
