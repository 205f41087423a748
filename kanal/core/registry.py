"""The one registry of record types, and what later rooms add to earlier ones: actions, tabs, figures, blocks."""

from collections import defaultdict
from typing import Any

from kanal.core.entity import Action, Block, Entity, Figure, Tab
from kanal.core.models.choices import remember_choices
from kanal.kit.errors import NotFound

_entities: dict[str, Entity] = {}
_by_model: dict[type, Entity] = {}
_added: dict[str, list[Any]] = defaultdict(list)


def register(entity: Entity) -> Entity:
    """Register a record type under its key."""
    if entity.key in _entities and _entities[entity.key].model is not entity.model:
        raise ValueError(f"{entity.key} is registered twice")
    _entities[entity.key] = entity
    _by_model[entity.model] = entity
    remember_choices(entity.model)
    return entity


def extend(key: str, *additions: Action | Tab | Figure | Block) -> None:
    """Add actions, tabs, figures or blocks of a later room to an earlier record type."""
    _added[key].extend(additions)


def all_entities() -> list[Entity]:
    """List the record types in the order of their rooms."""
    return list(_entities.values())


def keys() -> list[str]:
    """List the keys of the record types."""
    return list(_entities)


def get(key: str) -> Entity:
    """Return the record type of this key; raise NotFound."""
    try:
        return _entities[key]
    except KeyError:
        raise NotFound from None


def find(key: str) -> Entity | None:
    """Return the record type of this key, or None."""
    return _entities.get(key)


def of(model: Any) -> Entity | None:
    """Return the record type of a model or of a record, or None."""
    return _by_model.get(model if isinstance(model, type) else type(model))


def actions(entity: Entity) -> list[Action]:
    """List a type's actions, those of later rooms behind its own."""
    return [*entity.actions, *(added for added in _added[entity.key] if isinstance(added, Action))]


def action(entity: Entity, verb: str) -> Action | None:
    """Return a type's action of this name, those of later rooms included; None where it has none."""
    return next((candidate for candidate in actions(entity) if candidate.verb == verb), None)


def tabs(entity: Entity) -> list[Tab]:
    """List a type's tabs, those of later rooms behind its own."""
    return [*entity.tabs, *(added for added in _added[entity.key] if isinstance(added, Tab))]


def figures(entity: Entity) -> list[Figure]:
    """List the figures in the head of a type's page."""
    return [*entity.figures, *(added for added in _added[entity.key] if isinstance(added, Figure))]


def blocks(key: str) -> list[Block]:
    """List the blocks that rooms put on the page of a type's records."""
    return [added for added in _added[key] if isinstance(added, Block)]
