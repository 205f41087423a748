"""The one registry of record types, and what later rooms add to earlier ones: actions, tabs, figures, blocks."""

from typing import Any

from kanal.core.action import Action
from kanal.core.entity import Block, Entity, Figure, Tab
from kanal.core.models.choices import remember_choices
from kanal.kit.errors import NotFound
from kanal.kit.registries import ListRegistry, Registry

Addition = Action | Tab | Figure | Block


def name_of(addition: Addition) -> str:
    """Return the name of what a room adds, as `kanal explain` lists it."""
    name = addition.verb if isinstance(addition, Action) else addition.key
    return f"{type(addition).__name__.lower()} {name}"


_entities: Registry[Entity] = Registry("record types", lambda entity: entity.plural)
_by_model: Registry[Entity] = Registry("")
_added: ListRegistry[Addition] = ListRegistry("additions to record types", name_of)


def register(entity: Entity) -> Entity:
    """Register a record type under its key; raise ValueError if another one has it."""
    _entities.register(entity.key, entity)
    _by_model.register(entity.model, entity)
    remember_choices(entity.model)
    return entity


def extend(key: str, *additions: Addition) -> None:
    """Add actions, tabs, figures or blocks of a later room to an earlier record type."""
    _added.add(key, *additions)


def all_entities() -> list[Entity]:
    """List the record types in the order of their rooms."""
    return _entities.values()


def keys() -> list[str]:
    """List the keys of the record types."""
    return _entities.keys()


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
    return [*entity.actions, *(added for added in _added.of(entity.key) if isinstance(added, Action))]


def action(entity: Entity, verb: str) -> Action | None:
    """Return a type's action of this name, those of later rooms included; None where it has none."""
    return next((candidate for candidate in actions(entity) if candidate.verb == verb), None)


def tabs(entity: Entity) -> list[Tab]:
    """List a type's tabs, those of later rooms behind its own."""
    return [*entity.tabs, *(added for added in _added.of(entity.key) if isinstance(added, Tab))]


def figures(entity: Entity) -> list[Figure]:
    """List the figures in the head of a type's page."""
    return [*entity.figures, *(added for added in _added.of(entity.key) if isinstance(added, Figure))]


def blocks(key: str) -> list[Block]:
    """List the blocks that rooms put on the page of a type's records."""
    return [added for added in _added.of(key) if isinstance(added, Block)]
