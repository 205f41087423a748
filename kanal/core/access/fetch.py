"""Ways to fetch through the door: one record, or the names that may be shown of several."""

from collections.abc import Iterable
from typing import Any

from kanal.core.access.door import may, visible_to
from kanal.core.entity import Entity
from kanal.kit.errors import NotAllowed, NotFound


def get_for(user: Any, entity: Entity, pk: int, action: str = "view", *, lock: bool = False) -> Any:
    """Give one record; raise NotFound if it may not be seen, NotAllowed if it may be seen but not this done to it."""
    records = visible_to(user, entity)
    if lock:
        records = records.select_for_update(of=("self",))
    record = records.filter(pk=pk).first()
    if record is None:
        raise NotFound
    if action != "view":
        require(user, entity, action, record)
    return record


def require(user: Any, entity: Entity, action: str, record: Any = None) -> None:
    """Raise NotAllowed unless the user may do the action."""
    if not may(user, entity, action, record):
        raise NotAllowed


def titles_of(user: Any, entity: Entity, ids: Iterable[int]) -> dict[int, str]:
    """Give the names of those records that the user may see; what links to others shows no name (ACC-5)."""
    wanted = {pk for pk in ids if pk}
    if not wanted:
        return {}
    rows = visible_to(user, entity).filter(pk__in=wanted).values_list("pk", entity.title)
    return {pk: title or f"#{pk}" for pk, title in rows}
