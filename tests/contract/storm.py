"""A storm of changes of all kinds over all types, as people and imports make them; refusals are passed over."""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import transaction

from kanal.core import registry, writes
from kanal.core.actor import Actor, ChangeSource
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.verbs import input_fields
from kanal.features.importing.models import Import
from kanal.features.importing.runner import run_all
from kanal.features.importing.undoing import undo
from kanal.kit.errors import KanalError

WORDS = [
    "Nord", "Łódź", "Кирилица", "Øster", "Fjell & Sønn", "Ångström", "x" * 90, "+47 22 33 44 55", "a@b.no", "", "12",
]  # fmt: skip
Operation = Callable[["Storm", Entity], Any]


class Storm:
    """Random operations by a seed; `done` counts what came of each."""

    def __init__(
        self, user: Any, seed: int, values: Callable[[Entity], dict[str, Any]], call: Callable[..., tuple[int, Any]]
    ) -> None:
        self.by, self.chance, self.values, self.call = Actor(user, ChangeSource.FORM), random.Random(seed), values, call
        self.done: Counter[str] = Counter()
        self.imports: list[Import] = []

    def blow(self, entities: list[Entity], steps: int) -> None:
        """Do some operations; a refusal, of whatever kind that a person may read, takes one back whole."""
        for _step in range(steps):
            entity, operation = self.chance.choice(entities), self.chance.choice(OPERATIONS)
            try:
                with transaction.atomic():
                    operation(self, entity)
                self.done[operation.__name__] += 1
            except KanalError as refusal:
                self.done[f"{operation.__name__}: {type(refusal).__name__}"] += 1

    def some(self, entity: Entity, number: int) -> list[Any]:
        """Choose some records of a type."""
        ids = sorted(entity.model._default_manager.order_by("-pk").values_list("pk", flat=True)[:200])
        chosen = self.chance.sample(ids, min(number, len(ids)))
        return list(entity.model._default_manager.filter(pk__in=chosen))

    def change_of(self, entity: Entity) -> dict[str, Any]:
        """Make new values for one or two fields."""
        fields = [
            writable_field
            for writable_field in fields_of(entity).values()
            if not writable_field.read_only and writable_field.key not in ("id", "is_active")
        ]
        given, made = self.values(entity), {}
        for field in self.chance.sample(fields, min(2, len(fields))):
            text = field.type.category == "text"
            made[field.key] = self.chance.choice(WORDS)[: field.max_length or 90] if text else given.get(field.key)
        return made


def create(storm: Storm, entity: Entity) -> None:
    if entity.is_made_from_outside:
        writes.create(entity, storm.values(entity), by=storm.by)


def create_many(storm: Storm, entity: Entity) -> None:
    if entity.is_made_from_outside:
        writes.create_many(entity, [storm.values(entity) for _ in range(3)], by=storm.by, strict=False)


def change(storm: Storm, entity: Entity) -> None:
    for record in storm.some(entity, 1):
        writes.change(record, storm.change_of(entity), by=storm.by)


def change_many(storm: Storm, entity: Entity) -> None:
    ids = [record.pk for record in storm.some(entity, 4)]
    writes.change_many(entity.model._default_manager.filter(pk__in=ids), storm.change_of(entity), by=storm.by)


def delete(storm: Storm, entity: Entity) -> None:
    for record in storm.some(entity, 1):
        writes.delete(record, by=storm.by)


def delete_many(storm: Storm, entity: Entity) -> None:
    ids = [record.pk for record in storm.some(entity, 2)]
    writes.delete_many(entity.model._default_manager.filter(pk__in=ids), by=storm.by)


def act(storm: Storm, entity: Entity) -> None:
    """Do one of the type's verbs by the API, with a value for each of its inputs that a record has."""
    actions = [candidate for candidate in registry.actions(entity) if candidate.api]
    for record in storm.some(entity, 1) if actions else []:
        action = storm.chance.choice(actions)
        known = storm.values(entity)
        fields = [field for field in input_fields(entity, action) if field.required or field.key in known]
        given = {field.key: known.get(field.key, "Storm") for field in fields}
        status, payload = storm.call("POST", f"/{entity.key}/{record.pk}/{action.verb}", given)
        assert status < 500, (entity.key, action.verb, payload)
        storm.done[f"{action.verb} {status}"] += 1


def import_file(storm: Storm, entity: Entity) -> None:
    texts = [field.key for field in fields_of(entity).values() if field.type.category == "text" and not field.read_only]
    keys = [entity.title, *storm.chance.sample(texts, min(2, len(texts)))] if entity.is_importable else []
    if keys:
        lines = [";".join(storm.chance.choice(WORDS[:6]) for _ in keys) for _ in range(4)]
        content = "\n".join([";".join(keys), *lines]).encode()
        run = Import.objects.create(
            entity=entity.key, user=storm.by.user, name="storm.csv", content=content,
            mapping={key: key for key in keys}, mode="create",
        )  # fmt: skip
        run_all(run)
        storm.imports.append(run)


def undo_import(storm: Storm, entity: Entity) -> None:
    if storm.imports:
        undo(storm.imports.pop())


OPERATIONS: list[Operation] = [
    create, create_many, change, change, change_many, delete, delete_many, act, act, import_file, undo_import,
]  # fmt: skip
