"""Events: `dispatch` calls listeners inside the transaction. Subscribers get committed changes from the history.

Listeners (`on`) take part in the transaction. Subscribers (`subscribe`) are called by a job after the commit with every
change of the record types they name, regardless of author and source (`kanal.core.outbox`, ADR 20).
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kanal.core.actor import ChangeSource
from kanal.kit.registries import ListRegistry, Registry

KINDS = {"created": "c", "updated": "u", "deleted": "d"}


@dataclass(frozen=True)
class Listener:
    """A function called for an event inside the transaction, and one that takes many records at once."""

    function: Callable[..., None]
    many: Callable[..., None] | None = None


@dataclass(frozen=True)
class RecordChange:
    """One committed change of a record, as stored in the history.

    `kind` is created, updated or deleted. `verb` is the action, if any. `old` and `new` contain the changed columns, or
    all of them: `new` for a created record and `old` for a deleted one. `chain` lists the causes of the change.
    """

    id: int
    at: dt.datetime
    entity: str
    record_id: int
    kind: str
    user_id: int | None
    means: str
    verb: str
    request_id: str
    chain: tuple[str, ...]
    old: dict[str, Any]
    new: dict[str, Any]

    @property
    def record(self) -> tuple[str, int]:
        """Return the type and id of the record."""
        return self.entity, self.record_id


@dataclass(frozen=True)
class Subscription:
    """A subscriber and the changes it receives: `kinds` are pairs of type and letter, such as `leads.c`."""

    key: str
    label: Any
    kinds: frozenset[str]
    ignored_means: tuple[str, ...]
    function: Callable[[Sequence[RecordChange]], None]


def function_name(listener: Listener | Subscription) -> str:
    """Return the dotted name of the listening function."""
    return f"{listener.function.__module__}.{listener.function.__qualname__}"


_listeners: ListRegistry[Listener] = ListRegistry("event listeners", function_name)
_subscriptions: Registry[Subscription] = Registry("")
_subscribers: ListRegistry[Subscription] = ListRegistry("event subscribers", function_name)  # by event, for people


def on(name: str, function: Callable[..., None], *, many: Callable[..., None] | None = None) -> None:
    """Register a function to call inside the transaction of an event. `many` takes many records at once."""
    _listeners.add(name, Listener(function, many))


def dispatch(name: str, **facts: Any) -> None:
    """Call the listeners inside this transaction."""
    for listener in _listeners.of(name):
        listener.function(**facts)


def dispatch_many(name: str, records: Sequence[Any], *, each: str = "record", **facts: Any) -> None:
    """Call the listeners inside this transaction for many records: once if they take many, otherwise for each.

    `each` is the argument of a listener for one record. A listener for many receives them as `records` or `pks`.
    """
    for listener in _listeners.of(name):
        if listener.many is not None:
            listener.many(**{f"{each}s": records}, **facts)
            continue
        for record in records:
            listener.function(**{each: record}, **facts)


def subscribe(
    key: str,
    names: Sequence[str],
    function: Callable[[Sequence[RecordChange]], None],
    *,
    label: Any,
    ignored_means: Sequence[ChangeSource] = (),
) -> None:
    """Call a function with committed changes, up to a few hundred at once, within about a second.

    `key` identifies the subscriber permanently, as its position is stored under it. `names` are `leads.created`,
    `leads.updated`, `leads.deleted` or `leads.*`. Changes by `ignored_means` are skipped.

    Every change is delivered at least once, and the changes of one record in order. If the function raises, each
    change is retried alone, then again by its own job. Later changes of that record wait for it, those of other
    records don't. The function runs outside any transaction and must tolerate being called twice with the same change.
    """
    kinds = frozenset(kind for name in names for kind in kinds_in(name))
    subscription = Subscription(key, label, kinds, tuple(ignored_means), function)
    _subscriptions.register(key, subscription)
    for name in names:
        _subscribers.add(name, subscription)


def kinds_in(name: str) -> list[str]:
    """Return the pairs of type and letter that an event name covers."""
    entity, _, what = name.partition(".")
    letters = KINDS.values() if what == "*" else [KINDS[what]]
    return [f"{entity}.{letter}" for letter in letters]


def subscriptions() -> list[Subscription]:
    """Return all subscriptions."""
    return _subscriptions.values()


def cause_of(link: str) -> str:
    """Return the human-readable name of a link in a chain."""
    key = link.partition(":")[0]
    subscription = find_subscription(key)
    return str(subscription.label) if subscription else key


def find_subscription(key: str) -> Subscription | None:
    """Return a subscription, or None if no app declares it any more."""
    return _subscriptions.get(key)
