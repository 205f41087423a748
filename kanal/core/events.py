"""Events: `dispatch` calls listeners inside the transaction, `publish` has them called by a job after the commit.

Names are `<type>.<what happened>`; a listener of `leads.*` hears all of a type. A published event is stored with the
change itself, so a killed process loses none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.actor import Actor
from kanal.core.jobs import job
from kanal.kit.registries import ListRegistry


@dataclass(frozen=True)
class Listener:
    """A function that hears of an event inside the transaction, and one that takes many records at once."""

    function: Callable[..., None]
    many: Callable[..., None] | None = None


@dataclass(frozen=True)
class Subscriber:
    """A function that a job calls after the commit, but for the doings of actors that `unless` names."""

    function: Callable[..., None]
    unless: Callable[[Actor], bool] | None = None


def function_name(listener: Listener | Subscriber) -> str:
    """Return the dotted name of the function that listens."""
    return f"{listener.function.__module__}.{listener.function.__qualname__}"


_listeners: ListRegistry[Listener] = ListRegistry("event listeners", function_name)
_subscribers: ListRegistry[Subscriber] = ListRegistry("event subscribers", function_name)


def on(name: str, function: Callable[..., None], *, many: Callable[..., None] | None = None) -> None:
    """Call a function inside the transaction in which something happens; `many` takes many records at once."""
    _listeners.add(name, Listener(function, many))


def subscribe(name: str, function: Callable[..., None], *, unless: Callable[[Actor], bool] | None = None) -> None:
    """Call a function by a job once the transaction in which something happened is committed.

    It gets `record_id`, `user_id` and what the event carries; it may be called twice after a crash. `unless` tells
    whose doings it need not hear of: no job is queued for it alone.
    """
    _subscribers.add(name, Subscriber(function, unless))


def dispatch(name: str, **facts: Any) -> None:
    """Tell the listeners inside this transaction."""
    for listener in _listeners.of(name):
        listener.function(**facts)


def dispatch_many(name: str, records: Sequence[Any], *, each: str = "record", **facts: Any) -> None:
    """Tell the listeners inside this transaction of many records: once where they take many, else of each.

    `each` names what a listener to one is given; who takes many gets them as `records` or `pks`.
    """
    for listener in _listeners.of(name):
        if listener.many is not None:
            listener.many(**{f"{each}s": records}, **facts)
            continue
        for record in records:
            listener.function(**{each: record}, **facts)


def subscribers(name: str) -> tuple[Subscriber, ...]:
    """List who listens to a published event."""
    return _subscribers.of(name) + _subscribers.of(name.partition(".")[0] + ".*")


def is_awaited(name: str, by: Actor) -> bool:
    """Return whether anybody is to hear of what an actor did."""
    return any(subscriber.unless is None or not subscriber.unless(by) for subscriber in subscribers(name))


@job("core.deliver_event", label=_("Event"), queue="events")
def deliver_event(name: str, record_id: int, user_id: int | None, facts: dict[str, Any]) -> None:
    """Call every listener of a published event."""
    for subscriber in subscribers(name):
        subscriber.function(record_id=record_id, user_id=user_id, **facts)


def publish(name: str, record_id: int, *, by: Actor, **facts: Any) -> None:
    """Have the listeners called after the commit; nobody listening costs nothing."""
    if is_awaited(name, by):
        deliver_event.defer(name=name, record_id=record_id, user_id=by.user_id, facts=facts)


def publish_many(name: str, record_ids: Sequence[int], *, by: Actor, **facts: Any) -> None:
    """Have the listeners called for each of many records after the commit; all are stored by one statement."""
    if record_ids and is_awaited(name, by):
        values = {"name": name, "user_id": by.user_id, "facts": facts}
        deliver_event.batch_defer(*({**values, "record_id": pk} for pk in record_ids))
