"""Marks: states of a record that call for attention and that passing time alone may begin (OPP-7)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q


@dataclass(frozen=True)
class Mark:
    """A state that is computed whenever a record is read, so that it is never outdated.

    `test` returns the function that decides it from the `columns` of a record, made once for many of them. `condition`
    selects the records in it for the reader of a filter; both must agree. `fields` are the record's fields that it
    uses: who may not see one of them doesn't see the mark. `tone` is `warning` or `danger`.
    """

    key: str
    label: Any
    help: Any
    icon: str
    columns: tuple[str, ...]
    fields: tuple[str, ...]
    test: Callable[[], Callable[[Mapping[str, Any]], bool]]
    condition: Callable[[Any], Q]
    tone: str = "warning"
