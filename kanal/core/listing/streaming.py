"""Streams all rows of a list while its reader has permission, for files of any size."""

from collections.abc import Iterator
from itertools import islice

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kanal.core import access
from kanal.core.access.queryset import condition_for
from kanal.core.listing.columns import Column, columns_of
from kanal.core.listing.fetch import Page, annotated, complete_page, needed, ordered
from kanal.core.listing.keyset import sort_keys
from kanal.core.listing.query import ListQuery, conditions_of, records_of
from kanal.core.query import QueryError
from kanal.kit.errors import Withdrawn

BATCH = 2000


def stream(ask: ListQuery, columns: list[Column] | None = None) -> Iterator[Page]:
    """Read a list in batches through a server-side cursor, so that memory use is constant at any size.

    Requires a transaction, since otherwise the cursor is filled completely before the first row. Raise Withdrawn
    if the reader's permissions change during the stream: sent rows can't be recalled, the rest is withheld (ACC-2).
    """
    columns = columns_of(ask.entity, ask.columns, ask.reader) if columns is None else columns
    keys = sort_keys(ask.order, ask.entity, ask.reader)
    records = ordered(annotated(records_of(ask), keys), keys).values(*needed(ask.entity, keys, columns))
    begun = extent(ask)
    with transaction.atomic():
        rows = records.iterator(chunk_size=BATCH)
        page = None
        while batch := list(islice(rows, BATCH)):
            if page and ask.user is not None and access.refresh_user(ask.user):
                require_same(ask, columns, begun)
            page = Page(columns)
            complete_page(page, batch, ask)
            yield page


def extent(ask: ListQuery) -> list[Q | None]:
    """Return the conditions for records that a reader may see and export."""
    return [condition_for(ask.user, ask.entity, action) for action in ("view", "export")] if ask.user else []


def require_same(ask: ListQuery, columns: list[Column], begun: list[Q | None]) -> None:
    """Raise Withdrawn if a reader can no longer see the records or fields from the start of a stream."""
    try:
        conditions_of(ask)
        now = columns_of(ask.entity, [column.key for column in columns], ask.reader, strict=True)
    except QueryError:
        now = []
    if extent(ask) != begun or hidden_in(now) != hidden_in(columns):
        raise Withdrawn(_("Your permissions changed while this was being read. Start again."))


def hidden_in(columns: list[Column]) -> list[frozenset[str]]:
    """Return the statuses at which each column hides its value."""
    return [column.field.mask.keys if column.field.mask else frozenset() for column in columns]
