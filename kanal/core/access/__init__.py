"""The door: which records and fields a user may see or touch. Pages, API, search, export and jobs all go through it."""

from kanal.core.access.choosing import choosable, clean_context, may_choose, may_open
from kanal.core.access.door import authors_in_reach, may, may_with, visible_to
from kanal.core.access.fetch import allowed_on, get_for, require, those_of, titles_of
from kanal.core.access.fields import (
    askable_fields,
    fields_on,
    hidden_fields,
    readable_fields,
    reads_all,
    writable_fields,
)
from kanal.core.access.grants import Grants, forget_grants, from_partners, grants_of
from kanal.core.access.readable import ReadableRecord, readable
from kanal.core.access.renewal import renew

__all__ = [
    "Grants",
    "ReadableRecord",
    "allowed_on",
    "askable_fields",
    "authors_in_reach",
    "choosable",
    "clean_context",
    "fields_on",
    "forget_grants",
    "from_partners",
    "get_for",
    "grants_of",
    "hidden_fields",
    "may",
    "may_choose",
    "may_open",
    "may_with",
    "readable",
    "readable_fields",
    "reads_all",
    "renew",
    "require",
    "those_of",
    "titles_of",
    "visible_to",
    "writable_fields",
]
