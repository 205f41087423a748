"""Events: `dispatch` calls listeners inside the transaction, `publish` has them called by a job after the commit.

Names are `<type>.<what happened>`; a listener of `leads.*` hears all of a type. A published event is stored with the
change itself, so a killed process loses none.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.actor import Actor
from kanal.core.jobs import job

_now: dict[str, list[Callable[..., None]]] = defaultdict(list)
_later: dict[str, list[Callable[..., None]]] = defaultdict(list)
_many: dict[Callable[..., None], Callable[..., None]] = {}
_unless: dict[Callable[..., None], Callable[[Actor], bool]] = {}


def on(name: str, function: Callable[..., None], *, many: Callable[..., None] | None = None) -> None:
    """Call a function inside the transaction in which something happens; `many` takes many records at once."""
    if function not in _now[name]:
        _now[name].append(function)
    if many is not None:
        _many[function] = many


def subscribe(name: str, function: Callable[..., None], *, unless: Callable[[Actor], bool] | None = None) -> None:
    """Call a function by a job once the transaction in which something happened is committed.

    It gets `record_id`, `user_id` and what the event carries; it may be called twice after a crash. `unless` tells
    whose doings it need not hear of: no job is queued for it alone.
    """
    if function not in _later[name]:
        _later[name].append(function)
    if unless is not None:
        _unless[function] = unless


def dispatch(name: str, **facts: Any) -> None:
    """Tell the listeners inside this transaction."""
    for function in _now[name]:
        function(**facts)


def dispatch_many(name: str, records: Sequence[Any], *, each: str = "record", **facts: Any) -> None:
    """Tell the listeners inside this transaction of many records: once where they take many, else of each.

    `each` names what a listener to one is given; who takes many gets them as `records` or `pks`.
    """
    for function in _now[name]:
        if function in _many:
            _many[function](**{f"{each}s": records}, **facts)
            continue
        for record in records:
            function(**{each: record}, **facts)


def listeners(name: str) -> list[Callable[..., None]]:
    """List who listens to a published event."""
    return [*_later[name], *_later[name.partition(".")[0] + ".*"]]


def is_awaited(name: str, by: Actor) -> bool:
    """Return whether anybody is to hear of what an actor did."""
    return any(function not in _unless or not _unless[function](by) for function in listeners(name))


@job("core.deliver_event", label=_("Event"), queue="events")
def deliver_event(name: str, record_id: int, user_id: int | None, facts: dict[str, Any]) -> None:
    """Call every listener of a published event."""
    for function in listeners(name):
        function(record_id=record_id, user_id=user_id, **facts)


def publish(name: str, record_id: int, *, by: Actor, **facts: Any) -> None:
    """Have the listeners called after the commit; nobody listening costs nothing."""
    if is_awaited(name, by):
        deliver_event.defer(name=name, record_id=record_id, user_id=by.user_id, facts=facts)


def publish_many(name: str, record_ids: Sequence[int], *, by: Actor, **facts: Any) -> None:
    """Have the listeners called for each of many records after the commit; all are stored by one statement."""
    if record_ids and is_awaited(name, by):
        values = {"name": name, "user_id": by.user_id, "facts": facts}
        deliver_event.batch_defer(*({**values, "record_id": pk} for pk in record_ids))
