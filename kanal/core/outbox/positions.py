"""Reads the changes committed after a position.

Ids and transactions don't commit in order, so a position is a snapshot (`pg_snapshot`) rather than an id: a change is
new if its transaction (`core_change.xact`) isn't visible in the snapshot. A window is the set of new changes found at
once. Of two changes of a record the second waits for the lock of the first, so it is never in an earlier window, and
within a window the ids of a record are in order.
"""

import logging
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Max

from kanal.core.events import KINDS, RecordChange, Subscription, subscriptions
from kanal.core.models import Change, DeliveryPosition

log = logging.getLogger("kanal.outbox")
KIND_NAMES = {letter: name for name, letter in KINDS.items()}
COLUMNS = (
    "id", "at", "entity", "record_id", "kind", "actor_id", "means", "verb", "request_id", "chain", "old", "new"
)  # fmt: skip

# Equivalent to "not visible in the snapshot", but uses the index on xact: two ranges instead of a function.
FIND_WINDOW = """
SELECT pg_current_snapshot()::text, pg_snapshot_xmax(pg_current_snapshot())::text::bigint, min(id), max(id)
FROM core_change
WHERE (xact >= %(next)s::xid8 OR xact = ANY(%(running)s::xid8[]))
  AND xact < pg_snapshot_xmax(pg_current_snapshot()) AND id > %(floor)s
"""
READ_BATCH = f"""
SELECT {", ".join(COLUMNS)} FROM core_change
WHERE id > %(last_id)s AND id <= %(ceiling)s
  AND entity || '.' || kind = ANY(%(kinds)s) AND means <> ALL(%(ignored)s)
  AND pg_visible_in_snapshot(xact, %(until)s::pg_snapshot)
  AND NOT pg_visible_in_snapshot(xact, %(since)s::pg_snapshot)
ORDER BY id LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Window:
    """The undelivered changes after a position: ids above `last_id` and up to `ceiling`."""

    position: DeliveryPosition
    until: str
    last_id: int
    ceiling: int


def current_snapshot() -> str:
    """Return the snapshot in which everything committed so far is visible."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return cursor.fetchone()[0]


def begin_positions() -> None:
    """Store a position for each new subscriber, after everything committed so far.

    It has the highest floor of the others: below it are changes of another server, with transaction numbers that
    this server hasn't reached yet.
    """
    floors = dict(DeliveryPosition.objects.values_list("subscriber", "floor"))
    if missing := [each.key for each in subscriptions() if each.key not in floors]:
        since, floor = current_snapshot(), max(floors.values(), default=0)
        rows = [DeliveryPosition(subscriber=key, since=since, floor=floor) for key in missing]
        DeliveryPosition.objects.bulk_create(rows, ignore_conflicts=True)  # direct write: positions aren't records


def skip_all() -> None:
    """Move all subscribers after everything committed so far, so that loaded and restored records cause no events.

    Concurrent writes aren't allowed: the ids so far are skipped regardless of their transactions.
    """
    newest = Change.objects.aggregate(newest=Max("id"))["newest"] or 0
    values = {"since": current_snapshot(), "floor": newest, "until": "", "last_id": 0, "ceiling": 0}
    DeliveryPosition.objects.update(**values)  # direct write: positions aren't records


def open_window(subscription: Subscription) -> Window | None:
    """Return the changes not yet delivered to a subscriber, or None if nothing was committed since."""
    position = DeliveryPosition.objects.filter(subscriber=subscription.key).first()
    if position is None:
        begin_positions()
        return None
    if position.until:
        return Window(position, position.until, position.last_id, position.ceiling)
    _oldest, following, running = position.since.split(":")
    values: dict[str, Any] = {"next": following, "running": [xact for xact in running.split(",") if xact]}
    values["floor"] = position.floor
    with connection.cursor() as cursor:
        cursor.execute(FIND_WINDOW, values)
        now, newest_xact, first, last = cursor.fetchone()
    if newest_xact < int(following):
        log.warning("the database was restored from another server: %s goes on with new changes", subscription.key)
        skip_all()
        return None
    return Window(position, now, first - 1, last) if first is not None else None


def read_batch(window: Window, subscription: Subscription, limit: int) -> list[RecordChange]:
    """Return the next changes of a window for a subscriber, ordered by id."""
    values = {
        "last_id": window.last_id, "ceiling": window.ceiling, "until": window.until, "since": window.position.since,
        "kinds": sorted(subscription.kinds), "ignored": list(subscription.ignored_means), "limit": limit,
    }  # fmt: skip
    return [change_of(row) for row in Change.objects.raw(READ_BATCH, values)]


def change_of(row: Change) -> RecordChange:
    """Return a history entry in the form for subscribers."""
    return RecordChange(
        row.pk, row.at, row.entity, row.record_id, KIND_NAMES[row.kind], row.actor_id, row.means, row.verb,
        row.request_id, tuple(row.chain or ()), row.old or {}, row.new or {},
    )  # fmt: skip


def advance(window: Window, last_id: int | None) -> Window | None:
    """Store that a window is delivered up to an id, or completely. Return the rest of it.

    Also return None if another process has moved the position in the meantime and continues from there.
    """
    position = window.position
    values: dict[str, Any] = {"since": window.until, "until": "", "last_id": 0, "ceiling": 0}
    if last_id is not None:
        values = {"until": window.until, "last_id": last_id, "ceiling": window.ceiling}
    before = {"since": position.since, "until": position.until, "last_id": position.last_id}
    stored = DeliveryPosition.objects.filter(pk=position.pk, **before)
    moved = stored.update(**values)  # direct write: positions aren't records
    if last_id is None or not moved:
        return None
    for name, value in values.items():
        setattr(position, name, value)
    return replace(window, last_id=last_id)
