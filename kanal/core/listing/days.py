"""Reads a list sorted by moments that may be whole days, which are sorted at the beginning of their day.

The beginning of a day depends on the reader's zone, so no index has that order. Moments and whole days each have
an index: the required number of rows is read from both and sorted together.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from kanal.core.listing.keyset import Days, Key, after_cursor
from kanal.kit import zones

Piece = dict[str, Q]


def pieces(keys: list[Key], values: list[Any], *, backwards: bool = False) -> list[Piece]:
    """Return the pieces to read after a position, in order: the condition of the rows by sort column.

    `keys` have the direction of reading. Rows with neither moment nor day come last.
    """
    days = days_of(keys)
    nothing = Q(**{f"{days.moment}__isnull": True})
    if not values:
        return [among(days), {days.moment: nothing}]
    if values[0] is None:
        inside = after_cursor(keys, values, backwards=backwards)[0]
        return [{days.moment: inside}, among(days)] if backwards else [{days.moment: inside}]
    piece = among(days, beyond_moment(keys, values, backwards), beyond_day(keys, values, backwards))
    return [piece] if backwards else [piece, {days.moment: nothing}]


def days_of(keys: list[Key]) -> Days:
    """Return the columns of the first sort key. Raise TypeError for other lists."""
    if keys[0].days is None:
        raise TypeError("not sorted by moments that may be whole days")
    return keys[0].days


def among(days: Days, moments: Q | None = None, whole_days: Q | None = None) -> Piece:
    """Return the rows of both columns, each with an additional condition."""
    is_moment = Q(**{f"{days.day}__isnull": True, f"{days.moment}__isnull": False})
    is_day = Q(**{f"{days.day}__isnull": False})
    return {days.moment: is_moment & (moments or Q()), days.day: is_day & (whole_days or Q())}


def beyond_moment(keys: list[Key], values: list[Any], backwards: bool) -> Q:
    """Return the condition for moments after a position."""
    first = replace(keys[0], expression=F(days_of(keys).moment))
    return after_cursor([first, *keys[1:]], values, backwards=backwards)[0]


def beyond_day(keys: list[Key], values: list[Any], backwards: bool) -> Q:
    """Return the condition for whole days after a position. They start at the beginning of their day."""
    days = days_of(keys)
    day = timezone.localdate(values[0], days.zone)
    if zones.start_of_day(day, days.zone).timestamp() == values[0].timestamp():
        first = replace(keys[0], expression=F(days.day))
        return after_cursor([first, *keys[1:]], [day, *values[1:]], backwards=backwards)[0]
    return Q(**{f"{days.day}__{'lte' if keys[0].descending else 'gt'}": day})


def piece_ids(records: QuerySet, piece: Piece, first: Key, then: Sequence[Any], limit: int) -> QuerySet:
    """Return the ids of the first rows of each column of a piece."""
    queries = [
        records.filter(condition).order_by(first.order_within(column), *then).values("pk")[:limit]
        for column, condition in piece.items()
    ]
    return queries[0].union(*queries[1:], all=True) if queries[1:] else queries[0]
