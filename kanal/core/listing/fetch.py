"""Reads one page of a list: plain values, names of related records, cursors for further pages."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.core.fields.field import value_reader
from kanal.core.fields.m2m import read_links
from kanal.core.listing.columns import Column, columns_of
from kanal.core.listing.count import estimate
from kanal.core.listing.cursors import read_cursor, write_cursor
from kanal.core.listing.days import Piece, piece_ids, pieces
from kanal.core.listing.keyset import (
    Key,
    after_cursor,
    annotated,
    annotation_names,
    full_range,
    ordered,
    sort_keys,
    stepwise,
)
from kanal.core.listing.query import ListQuery, conditions_of, matching, records_of
from kanal.core.news import read_news
from kanal.core.query import FilterContext
from kanal.core.query.compiled import compiled

MOST = 500
MANY = 5_000
Related = dict[str, dict[int, dict[str, Any]]]


@dataclass
class Row:
    """One record of a list: its id, its name, and the column values by key."""

    id: int
    title: str
    values: dict[str, Any]
    revision: int = 0


@dataclass
class Page:
    """One page of a list. `related` contains the related records visible to the user, by type and id.

    `unopened` names the types of which the user can read the records' names but not open their pages.
    """

    columns: list[Column]
    rows: list[Row] = field(default_factory=list)
    related: Related = field(default_factory=dict)
    next: str = ""
    previous: str = ""
    is_whole: bool = False
    unopened: frozenset[str] = frozenset()

    def name_of(self, target: str, pk: int | None) -> str | None:
        """Return the name of a related record, or None if the user may not see it."""
        row = self.related.get(target, {}).get(pk or 0)
        return None if row is None else str(row["title"] or f"#{pk}")

    def group_value(self, group: Column, row: Row) -> Any:
        """Return the group value of a row, None for a relation to a record that isn't visible (ACC-5)."""
        value, target = row.values[group.key], group.field.target
        if group.via or group.category != "relation" or not target or group.key == "id":
            return value
        return None if self.name_of(target, value) is None else value


def read_page(ask: ListQuery, columns: list[Column] | None = None) -> Page:
    """Read one page. Raise QueryError for an invalid filter, sort or cursor."""
    columns = columns_of(ask.entity, ask.columns, ask.reader) if columns is None else columns
    page, rows = read_rows(ask, columns)
    complete_page(page, rows, ask)
    return page


def read_rows(ask: ListQuery, columns: list[Column]) -> tuple[Page, list[dict]]:
    """Read one page as raw database rows without links. The page only has its cursors."""
    keys = sort_keys(ask.order, ask.entity, ask.reader)
    limit = max(1, min(ask.limit, MOST))
    values, backwards = read_cursor(ask.cursor, ask.entity, ask.order, len(keys)) if ask.cursor else ([], False)
    rows = fetch(ask, keys, columns, limit + 1, values, backwards)
    more = len(rows) > limit
    rows = rows[:limit]
    if backwards and not more:
        return read_rows(ask.but(cursor=""), columns)
    if backwards:
        rows.reverse()
    page = Page(columns, is_whole=not ask.cursor and not more)
    if rows and (more or backwards):
        page.next = cursor_at(ask, keys, rows[-1], backwards=False)
    if rows and ask.cursor:
        page.previous = cursor_at(ask, keys, rows[0], backwards=True)
    return page, rows


def needed(entity: Entity, keys: list[Key], columns: list[Column]) -> list[str]:
    """Return the columns to read: only those displayed, sorted by or used as name."""
    column_names = ["id", "revision", entity.title, *(name for name in annotation_names(keys) if name != "pk")]
    column_names += [name for column in columns for name in column.own.columns()]
    column_names += [key.via for key in keys if key.via]
    return list(dict.fromkeys(column_names))


def fetch(
    ask: ListQuery, keys: list[Key], columns: list[Column], limit: int, values: list[Any], backwards: bool = False
) -> list[dict]:
    """Read the rows after a position, range by range until there are enough, or by option if there are many."""
    names_read = needed(ask.entity, keys, columns)
    if not values and all(is_lasting(key) for key in keys):
        return first_rows(ask, len(full_range(keys)), names_read, limit)
    records = annotated(records_of(ask), keys)
    turned = [key.turned() for key in keys] if backwards else keys
    records = ordered(records, keys, backwards=backwards)
    read = ranges_among_days if keys[0].days else ranges
    rows: list[dict] = []
    for first_of in read(ask.entity, records, keys, turned, values, backwards):
        if len(rows) < limit:
            rows += first_of(limit - len(rows)).values(*names_read)
    return rows


def ranges(
    entity: Entity, records: QuerySet, keys: list[Key], turned: list[Key], values: list[Any], backwards: bool
) -> list[Callable[[int], QuerySet]]:
    """Return functions that read the first records of each range after a position. `turned` are the keys as read."""
    order = records.query.order_by
    by_option = bool(turned[0].steps) and len(keys) > 1 and estimate(records.order_by()) > MANY
    place = int(by_option)  # within one option the second key sorts
    if by_option:
        places = stepwise(turned, values, backwards=backwards)
    else:
        places = after_cursor(turned, values, backwards=backwards) if values else full_range(turned)
    within = order_within(turned[place], annotation_names(keys)[place], order[place:])
    return [partial(fetch_rows, entity, keys, records.filter(beyond).order_by(*within)) for beyond in places]


def ranges_among_days(
    entity: Entity, records: QuerySet, keys: list[Key], turned: list[Key], values: list[Any], backwards: bool
) -> list[Callable[[int], QuerySet]]:
    """Return functions that read the first records of each range of a list of moments that may be whole days."""
    order = records.query.order_by
    every = annotated(entity.model._default_manager.order_by(), keys).order_by(*order)

    def first(piece: Piece, limit: int) -> QuerySet:
        return every.filter(pk__in=piece_ids(records, piece, turned[0], order[1:], limit))[:limit]

    return [partial(first, piece) for piece in pieces(turned, values, backwards=backwards)]


def is_lasting(key: Key) -> bool:
    """Return whether a sort key is the same for every reader and at any time."""
    return not (key.via or key.steps or key.days or key.key.startswith("custom."))


def first_rows(ask: ListQuery, ranges: int, columns: list[str], limit: int) -> list[dict]:
    """Read the beginning of a list with statements that are compiled once for each shape of list."""
    conditions, is_filtered, rows = conditions_of(ask), ask.is_filtered, []
    for place in range(ranges):
        if len(rows) < limit:
            shape = (ask.entity, conditions, ask.order, tuple(columns), limit, place)
            rows += compiled(range_of, *shape, is_filtered=is_filtered).ask()
    return rows[:limit]


def range_of(
    entity: Entity, conditions: tuple[Q, ...], sort: str, columns: tuple[str, ...], limit: int, place: int
) -> QuerySet:
    """Return the query of one range of a list. Permission for the sort was checked before."""
    keys = sort_keys(sort, entity, FilterContext())
    records = annotated(matching(entity, conditions), keys)
    order = ordered(records, keys).query.order_by
    within = order_within(keys[0], annotation_names(keys)[0], order)
    return fetch_rows(entity, keys, records.filter(full_range(keys)[place]).order_by(*within), limit).values(*columns)


def order_within(key: Key, name: str, order: Sequence[Any]) -> list[Any]:
    """Return the order within a range whose first key is empty in all or none of its rows."""
    return [key.order_within(name) if key.nullable else order[0], *order[1:]]


def fetch_rows(entity: Entity, keys: list[Key], records: QuerySet, limit: int) -> QuerySet:
    """Return the first records, selected by id first if access is restricted.

    The index for the list's sort includes the columns that determine access, so hidden records are skipped within the
    index without reading their rows. A sort by a related field has no such index.
    """
    is_owned = hasattr(entity.model, "owner_ids")
    if not (records.query.where and is_owned) or any(key.via for key in keys):
        return records[:limit]
    chosen = entity.model._default_manager.filter(pk__in=records.values("pk")[:limit])
    return annotated(chosen, keys).order_by(*records.query.order_by)


def cursor_at(ask: ListQuery, keys: list[Key], row: dict, *, backwards: bool) -> str:
    """Return the cursor of the position before or after a row. Related values are represented by their id."""
    values = []
    for name, key in zip(annotation_names(keys), keys, strict=True):
        value = row["id"] if name == "pk" else row[name]
        values.append(row[key.via] if key.via and value is not None else value)
    return write_cursor(ask.entity, ask.order, values, backwards=backwards)


def complete_page(page: Page, rows: list[dict], ask: ListQuery) -> None:
    """Convert raw rows to the page's rows, with one query per related type and one for all links."""
    read_links([column.own for column in page.columns], rows)
    read_news(ask.user, [column.field for column in page.columns if column.via is None], rows)
    page.related = read_related(page.columns, rows, ask) if ask.names else {}
    page.unopened = frozenset(key for key in page.related if not access.may_open(ask.user, registry.get(key)))
    readers = [(column.key, column_reader(column, page.related)) for column in page.columns]
    for row in rows:
        values = {key: read(row) for key, read in readers}
        page.rows.append(Row(row["id"], str(row[ask.entity.title] or f"#{row['id']}"), values, row["revision"]))


def read_related(columns: list[Column], rows: list[dict], ask: ListQuery) -> Related:
    """Read the related records displayed on the page and visible to the user, with one query per type."""
    ids: dict[str, set[int]] = defaultdict(set)
    wanted: dict[str, set[str]] = defaultdict(set)
    for column in columns:
        own = column.own
        if not own.target or registry.find(own.target) is None:
            continue
        for row in rows:
            value = own.read(row)
            ids[own.target] |= set(value if isinstance(value, list) else [value]) - {None}
        if column.via:
            wanted[own.target] |= set(column.field.columns())
    return {key: related_rows(key, pks, wanted[key], ask) for key, pks in ids.items() if pks}


def related_rows(key: str, pks: set[int], wanted: set[str], ask: ListQuery) -> dict[int, dict]:
    """Read some records of one type through the access layer."""
    target = registry.get(key)
    if not wanted - {"id", target.title}:
        titles = access.display_names(ask.user, target, pks)
        return {pk: {"id": pk, target.title: title, "title": title} for pk, title in titles.items()}
    records = ask.reader.records(target).filter(pk__in=pks).order_by()
    rows = records.values("id", target.title, *(wanted - {"id", target.title}))
    return {row["id"]: {**row, "title": row[target.title]} for row in rows}


def column_reader(column: Column, related: Related) -> Callable[[dict], Any]:
    """Return the function that reads a column's value from a row, or from the related record."""
    read = value_reader(column.field)
    if column.via is None:
        return read
    via, records = value_reader(column.via), related.get(column.via.target, {})

    def read_related_value(row: dict) -> Any:
        other = records.get(via(row))
        return None if other is None else read(other)

    return read_related_value


def read_columns(asks: dict[str, ListQuery]) -> dict[str, Page]:
    """Read the first pages of several lists of one type (the columns of a board), with shared related records."""
    pages, raw = {}, []
    for key, ask in asks.items():
        columns = columns_of(ask.entity, ask.columns, ask.reader)
        keys = sort_keys(ask.order, ask.entity, ask.reader)
        rows = fetch(ask, keys, columns, ask.limit + 1, [])
        pages[key] = Page(columns, is_whole=len(rows) <= ask.limit)
        if len(rows) > ask.limit:
            pages[key].next = cursor_at(ask, keys, rows[ask.limit - 1], backwards=False)
        raw.append((pages[key], rows[: ask.limit]))
    whole = Page(next(iter(pages.values())).columns if pages else [])
    if asks:
        complete_page(whole, [row for _page, rows in raw for row in rows], next(iter(asks.values())))
    ready = iter(whole.rows)
    for page, rows in raw:
        page.rows, page.related = list(islice(ready, len(rows))), whole.related
    return pages
