"""Delivers committed changes to subscribers: one job per subscriber at a time, and one for each failed change."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from operator import attrgetter

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from kanal.core.actor import ChangeSource
from kanal.core.context import Context
from kanal.core.events import RecordChange, Subscription, find_subscription, subscriptions
from kanal.core.jobs import job, periodic
from kanal.core.models import Change
from kanal.core.outbox.positions import advance, change_of, open_window, read_batch

log = logging.getLogger("kanal.outbox")
BATCH_SIZE = 200
LONGEST_CHAIN = 10


@job("core.deliver_changes", label=_("Events"), queue="events", retry=None)
def deliver_changes(subscriber: str) -> None:
    """Deliver the changes committed after the subscriber's position, and store the position after each batch.

    If this fails, the next change or the next minute's check queues a delivery that continues from there.
    """
    subscription = find_subscription(subscriber)
    window = open_window(subscription) if subscription else None
    while subscription and window:
        changes = read_batch(window, subscription, BATCH_SIZE)
        deliver_batch(subscription, changes)
        window = advance(window, changes[-1].id if len(changes) == BATCH_SIZE else None)


@job("core.deliver_change", label=_("Event"), queue="events")
def deliver_change(subscriber: str, change_id: int) -> None:
    """Deliver a change that failed or waits for an earlier one of its record."""
    subscription, entry = find_subscription(subscriber), Change.objects.filter(pk=change_id).first()
    if subscription and entry:
        call_subscriber(subscription, [change_of(entry)])


@periodic("core.wake_subscribers", cron="* * * * *", label=_("Events"), queue="events")
def wake_subscribers(timestamp: int = 0) -> None:
    """Queue a delivery for each subscriber that has missed a change, in case its notification was lost."""
    for subscription in subscriptions():
        wake_subscriber(subscription)


def wake_subscriber(subscription: Subscription) -> None:
    """Queue a delivery if there are changes, otherwise advance the position."""
    window = open_window(subscription)
    if window is None:
        return
    if not read_batch(window, subscription, 1):
        advance(window, None)
        return
    key = f"deliver:{subscription.key}"
    if not ProcrastinateJob.objects.filter(queueing_lock=key, status="todo").exists():
        with suppress(AlreadyEnqueued):
            deliver_changes.configure(lock=key, queueing_lock=key).defer(subscriber=subscription.key)


def deliver_batch(subscription: Subscription, changes: Sequence[RecordChange]) -> None:
    """Call a subscriber. A failed change, and later ones of the same record, get their own jobs."""
    held = held_records(subscription, changes)
    for _chain, group in groupby(changes, attrgetter("chain")):
        batch = []
        for change in group:
            if change.record in held:
                defer_change(subscription, change)
            else:
                batch.append(change)
        if batch:
            held |= deliver_group(subscription, batch)


def deliver_group(subscription: Subscription, changes: Sequence[RecordChange]) -> set[tuple[str, int]]:
    """Call a subscriber with changes of one cause. Return the records of those that also failed alone."""
    failed: set[tuple[str, int]] = set()
    try:
        call_subscriber(subscription, changes)
        return failed
    except Exception:
        log.warning("%s failed for %s changes, trying each alone", subscription.key, len(changes), exc_info=True)
    for change in changes:
        try:
            if change.record not in failed:
                call_subscriber(subscription, [change])
                continue
        except Exception as problem:
            log.warning("%s failed for change %s: %s", subscription.key, change.id, problem)
            failed.add(change.record)
        defer_change(subscription, change)
    return failed


def call_subscriber(subscription: Subscription, changes: Sequence[RecordChange]) -> None:
    """Call a subscriber in the company's context, with an extended chain. A chain that is too long is a loop: stop."""
    chain = changes[0].chain
    if len(chain) >= LONGEST_CHAIN:
        log.error("not delivered, because the changes cause each other: %s", " → ".join(chain))
        return
    link = f"{subscription.key}:{changes[0].id}"
    with Context.company().but(means=ChangeSource.JOB, chain=(*chain, link)).active():
        subscription.function(changes)


def record_lock(subscription: Subscription, record: tuple[str, int]) -> str:
    """Return the lock that keeps a record's failed deliveries in order."""
    entity, record_id = record
    return f"deliver:{subscription.key}:{entity}:{record_id}"


def held_records(subscription: Subscription, changes: Sequence[RecordChange]) -> set[tuple[str, int]]:
    """Return the records with an earlier change still waiting."""
    records = {record_lock(subscription, change.record): change.record for change in changes}
    waiting = ProcrastinateJob.objects.filter(lock__in=list(records), status__in=("todo", "doing"))
    return {records[str(lock)] for lock in waiting.values_list("lock", flat=True)}


def defer_change(subscription: Subscription, change: RecordChange) -> None:
    """Queue the delivery of one change after the earlier ones of its record."""
    lock = record_lock(subscription, change.record)
    deliver_change.configure(lock=lock).defer(subscriber=subscription.key, change_id=change.id)
