"""Every seeded role can finish by API what it is permitted: new records and each verb of its own (PART-1a, API-1)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from kanal.core import access, registry, tokens, writes
from kanal.core.action import Action
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.verbs import input_fields
from kanal.entities.people.seed import ROLES
from kanal.entities.quotes.documents import templates_for
from tests.contract.values import TYPES, Another, made, numbers
from tests.roles.scene import Scene, scene_of
from tests.roles.test_walk import UndoneError

# Verbs whose body is a structure of their own.
LINE = {"items": [{"name": "Travel", "unit_price": "50"}]}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("leads", "qualify"): {}, ("opportunities", "sold"): {}, ("quotes", "add-items"): LINE,
    ("quotes", "save-items"): LINE, ("quotes", "currency"): {"currency": "EUR"},
    ("opportunities", "new-quote"): {"name": "Offer", **LINE},
    ("users", "set-password"): {"password": "a long enough password"},
    ("leads", "disqualify"): {"status": "disqualified", "disqualification_reason": "No need"},
}  # fmt: skip
# What only the verb's own page has: a dialog without a word for it in the document.
WITHOUT_QUOTE = {"sold"}


@pytest.mark.parametrize("role", list(ROLES))
def test_everything_permitted_can_be_finished_by_api(world: Any, role: str) -> None:
    """API-1, PART-1a: a new record of each type that the role adds, each verb on a record of its own."""
    scene = scene_of(world, world.users[f"walker-{role}"])
    client, stuck, tried = Client(), [], 0
    headers = {"Authorization": f"Bearer {tokens.create_token(scene.user, 'walk')}"}
    for path, body in requests(scene):
        tried += 1
        try:
            with transaction.atomic():
                answer = client.post(f"/api/v1{path}", json.dumps(body), "application/json", headers=headers)
                if answer.status_code >= 300:
                    stuck.append(f"{path}: {answer.status_code} {answer.content.decode()[:300]} by {body}"[:700])
                raise UndoneError
        except UndoneError:
            continue
    assert not stuck, f"{len(stuck)} of {tried}:\n" + "\n".join(stuck)
    assert tried > 5 or role == "read-only"


def requests(scene: Scene) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what can be asked for: path and body."""
    for entity in registry.all_entities():
        if entity.is_creatable and not TYPES[entity.key].fixed and access.has_permission(scene.user, entity, "add"):
            yield f"/{entity.key}", new_values(scene, entity)
        for record in scene.records[entity.key]:
            if access.visible_to(scene.user, entity).filter(pk=record.pk).exists():
                record.refresh_from_db()
                yield from verbs_of(scene, entity, record)


def verbs_of(scene: Scene, entity: Entity, record: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the verbs that can be used on a record now."""
    actions = [
        registered_action
        for registered_action in registry.actions(entity)
        if registered_action.run is not None and registered_action.api and registered_action.verb != "delete"
    ]
    allowed = access.permitted_actions(
        scene.user, entity, record, {registered_action.needs for registered_action in actions}
    )
    for action in actions:
        held = action.state(record, scene.user) if action.state else None
        unready = entity.key == "opportunities" and action.verb in WITHOUT_QUOTE and not record.quotes.exists()
        if action.needs in allowed and not held and not unready and not action.why_hidden(record, scene.user):
            yield f"/{entity.key}/{record.pk}/{action.verb}", body_of(scene, entity, record, action)


def body_of(scene: Scene, entity: Entity, record: Any, action: Action) -> dict[str, Any]:
    """Return what a verb asks for."""
    if (entity.key, action.verb) in BODIES:
        return BODIES[(entity.key, action.verb)]
    if action.verb == "generate":
        return {"template": templates_for(record, scene.user)[0].key}
    fields = input_fields(entity, action)
    body = {
        field.key: made(field, next(numbers), lambda key: own(scene, key, record)) for field in fields if field.required
    }
    pick = action.dialog.pick
    return body | ({action.dialog.pick_as: own(scene, pick, record).pk} if pick else {})


def own(scene: Scene, key: str, other: Any = None) -> Any:
    """Return a record that the user may choose, not this one."""
    records = access.choosable(scene.user, registry.get(key))
    return (records.exclude(pk=other.pk) if isinstance(other, records.model) else records).order_by("-pk").first()


def new_values(scene: Scene, entity: Entity) -> dict[str, Any]:
    """Return what a new record of a type must have: required fields without a preset, and one of a lead's names."""
    odd, preset = TYPES[entity.key], writes.preset_of(entity, Actor(scene.user), {})
    values: dict[str, Any] = {}
    for key, field in access.FieldContext(scene.user, entity).writable.items():
        if key in odd.given and not isinstance(odd.given[key], Another):
            value = odd.given[key]
            values[key] = value.replace("{n}", str(next(numbers))) if isinstance(value, str) else value
        elif field.required and not preset.get(key):
            values[key] = made(field, next(numbers), lambda key: own(scene, key))
    return values | more_of(scene).get(entity.key, {})


def more_of(scene: Scene) -> dict[str, dict[str, Any]]:
    """Return what a type asks for of which no field is required by itself, and which records are open for a change."""
    first, second = (scene_account.pk for scene_account in scene.records["accounts"][:2])
    account, offer = {"account": first}, scene.records["quotes"][-2]
    return {
        "leads": {"subject": "Asked"}, "activities": account, "contacts": account,
        "prices": {"product": scene.world.find("products").pk}, "accounts": {"organization": "Fjord AS"},
        "account-relations": {**account, "related_account": second}, "quotes": {"opportunity": offer.opportunity_id},
        "quote-items": {"quote": offer.pk, "name": "Travel", "kind": "hand"}, "splitter-filters": {"sets_priority": 5},
    }  # fmt: skip
