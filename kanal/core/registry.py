"""The registry of record types and of additions by other apps: actions, tabs, figures, blocks."""

from typing import Any

from kanal.core.action import Action
from kanal.core.entity import Block, Entity, Figure, Tab
from kanal.core.models.choices import remember_choices
from kanal.kit.errors import NotFound
from kanal.kit.registries import ListRegistry, Registry

Addition = Action | Tab | Figure | Block


def name_of(addition: Addition) -> str:
    """Return the name of an addition for `kanal explain`."""
    name = addition.verb if isinstance(addition, Action) else addition.key
    return f"{type(addition).__name__.lower()} {name}"


_entities: Registry[Entity] = Registry("record types", lambda entity: entity.plural)
_by_model: Registry[Entity] = Registry("")
_added: ListRegistry[Addition] = ListRegistry("additions to record types", name_of)


def register(entity: Entity) -> Entity:
    """Register a record type under its key. Raise ValueError if the key is taken."""
    _entities.register(entity.key, entity)
    _by_model.register(entity.model, entity)
    remember_choices(entity.model)
    return entity


def extend(key: str, *additions: Addition) -> None:
    """Add actions, tabs, figures or blocks of another app to an existing record type."""
    _added.add(key, *additions)


def all_entities() -> list[Entity]:
    """Return the record types in the order of their apps."""
    return _entities.values()


def keys() -> list[str]:
    """Return the keys of the record types."""
    return _entities.keys()


def get(key: str) -> Entity:
    """Return the record type with this key. Raise NotFound."""
    try:
        return _entities[key]
    except KeyError:
        raise NotFound from None


def find(key: str) -> Entity | None:
    """Return the record type with this key, or None."""
    return _entities.get(key)


def of(model: Any) -> Entity | None:
    """Return the record type of a model or of a record, or None."""
    return _by_model.get(model if isinstance(model, type) else type(model))


def actions(entity: Entity) -> list[Action]:
    """Return a type's actions, its own before those of other apps."""
    return [*entity.actions, *(added for added in _added.of(entity.key) if isinstance(added, Action))]


def action(entity: Entity, verb: str) -> Action | None:
    """Return a type's action by name, including those of other apps, or None."""
    return next((candidate for candidate in actions(entity) if candidate.verb == verb), None)


def tabs(entity: Entity) -> list[Tab]:
    """Return a type's tabs, its own before those of other apps."""
    return [*entity.tabs, *(added for added in _added.of(entity.key) if isinstance(added, Tab))]


def figures(entity: Entity) -> list[Figure]:
    """Return the figures in the header of a type's page, in their order."""
    figures = [*entity.figures, *(added for added in _added.of(entity.key) if isinstance(added, Figure))]
    return sorted(figures, key=lambda figure: figure.order)


def blocks(key: str) -> list[Block]:
    """Return the blocks that apps add to the page of a type's records."""
    return [added for added in _added.of(key) if isinstance(added, Block)]
