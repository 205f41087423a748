"""Reads all of a list in a stream, as long as its reader may: for files of any size."""

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
    """Read all of a list in pieces through a cursor of the server, so that memory stays flat at any size.

    In a transaction, since a cursor outside of one is filled to its end before the first row leaves. Raise Withdrawn
    where the reader's rights change on the way: what has left can't be taken back, the rest stays (ACC-2).
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
    """Return which records a reader may see and take away."""
    return [condition_for(ask.user, ask.entity, action) for action in ("view", "export")] if ask.user else []


def require_same(ask: ListQuery, columns: list[Column], begun: list[Q | None]) -> None:
    """Raise Withdrawn where a reader no longer sees the records or the fields that a stream was begun with."""
    try:
        conditions_of(ask)
        now = columns_of(ask.entity, [column.key for column in columns], ask.reader, strict=True)
    except QueryError:
        now = []
    if extent(ask) != begun or hidden_in(now) != hidden_in(columns):
        raise Withdrawn(_("Your permissions changed while this was being read. Start again."))


def hidden_in(columns: list[Column]) -> list[frozenset[str]]:
    """Return at which statuses each column hides its value."""
    return [column.field.mask.keys if column.field.mask else frozenset() for column in columns]
