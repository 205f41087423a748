"""Every seeded role can finish what it is shown: controls, menus, “New …” links, bulk changes (PART-1a, ACC-2)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.entities.people.seed import ROLES
from kanal.web import navigation
from kanal.web.action_panel import Control, controls_of
from kanal.web.detail import begin_of
from kanal.web.record_tabs import shown_tabs
from tests.roles.filling import Filler, StuckError
from tests.roles.scene import Scene, scene_of

# Deletions that are refused by right: others hang on the record, and the page says which.
HELD = "depend on it"


@pytest.mark.parametrize("role", list(ROLES))
def test_everything_offered_can_be_finished(world: Any, role: str) -> None:
    """PART-1a: each control that a role is shown leads to an end, on each of its pages."""
    user = world.users[f"walker-{role}"]
    scene = scene_of(world, user)
    client = Client()
    client.force_login(user)
    filler, stuck, tried = Filler(client), [], 0
    for name, do in steps(scene, filler):
        tried += 1
        try:
            with transaction.atomic():
                do()
                raise UndoneError
        except UndoneError:
            continue
        except StuckError as problem:
            stuck += [f"{name}: {problem}"] if HELD not in str(problem) else []
    assert not stuck, f"{len(stuck)} of {tried}:\n" + "\n".join(stuck)
    assert tried > 20


class UndoneError(Exception):
    """Undoes what a step did."""


def steps(scene: Scene, filler: Filler) -> Iterator[tuple[str, Any]]:
    """Yield what can be done, with its name."""
    for entity in registry.all_entities():
        if not access.has_permission(scene.user, entity, "view"):
            continue
        yield f"{entity.key} list", lambda url=entity.list_url: filler.open(url)
        for record in scene.records[entity.key]:
            if access.visible_to(scene.user, entity).filter(pk=record.pk).exists():
                yield from on_record(scene, filler, entity, record)
        if access.has_permission(scene.user, entity, "edit"):
            yield from in_bulk(scene, filler, entity)
    for entry in navigation.add_menu(scene.user):
        if not entry.get("dialog"):
            yield f"menu {entry['label']}", lambda url=entry["url"]: filler.finish(url, scene.needed)


def on_record(scene: Scene, filler: Filler, entity: Entity, record: Any) -> Iterator[tuple[str, Any]]:
    """Yield the tabs of a record, what they begin, and the controls of its panel."""
    record.refresh_from_db()
    url, name = entity.url(record.pk), f"{entity.key}/{record.pk}"
    yield name, lambda: filler.open(url)
    is_first = record == scene.records[entity.key][0]
    for tab in [shown.tab for shown in shown_tabs(entity, record, scene.user)] if is_first else ():
        yield f"{name} tab {tab.key}", lambda key=tab.key: filler.open(f"{url}?tab={key}")
        for key in tab.new:
            if begun := begin_of(scene.user, entity, record, key):
                yield (
                    f"{name} tab {tab.key} {begun['label']}",
                    lambda url=begun["url"]: filler.finish(url, needed_on(scene, entity)),
                )
    for control in controls_of(scene.user, entity, record):
        if not control.reason and not is_unready(entity, record, control):
            yield f"{name} {control.verb}", lambda control=control: use(scene, filler, entity, control)


def needed_on(scene: Scene, entity: Entity) -> dict[str, str]:
    """Return what is entered in a form that begins on a record: a price of a bundle is none of a product."""
    return {key: value for key, value in scene.needed.items() if (entity.key, key) != ("bundles", "product")}


def is_unready(entity: Entity, record: Any, control: Control) -> bool:
    """Return whether the page of a control says itself what is missing before: a sale without a quote."""
    return (entity.key, control.verb) == ("opportunities", "sold") and not record.quotes.exists()


def use(scene: Scene, filler: Filler, entity: Entity, control: Control) -> None:
    """Use a control to its end; one that only shows something is at its end once it is open."""
    action = registry.action(entity, control.verb)
    if control.how == "post":
        filler.press(control.url)
    elif action is not None and action.needs == "view" and not action.button.begins:
        filler.open(control.url)
    else:
        filler.finish(control.url, {} if control.verb == "edit" else scene.needed)


def in_bulk(scene: Scene, filler: Filler, entity: Entity) -> Iterator[tuple[str, Any]]:
    """Yield the change of one field of a record by the bulk menu."""
    records = access.visible_to(scene.user, entity, "edit").filter(
        pk__in=[scene_record.pk for scene_record in scene.records[entity.key]]
    )
    record = records.first()
    fields = access.FieldContext(scene.user, entity).writable
    field = next(
        (
            candidate
            for candidate in fields.values()
            if candidate.type.category == "text" and candidate.key != entity.title
        ),
        None,
    )
    if record is None or field is None:
        return
    url = f"/{entity.path}/data/bulk-edit?ids={record.pk}&field={field.key}"
    yield f"{entity.key} bulk {field.key}", lambda: filler.finish(url)
