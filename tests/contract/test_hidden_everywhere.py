"""Every type's fields are hidden at once, and their values looked for wherever they stood before (ACC-6)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from kanal.core import registry, tokens, writes
from kanal.core.access.closures import rebuild_grants
from kanal.core.actor import SYSTEM
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.models import Assignment, FieldVisibility
from kanal.core.remembered import forget
from kanal.kit.errors import KanalError
from kanal.web.detail import shown_tabs
from tests.contract.world import World, make_user, role_of

TEXTS, NUMBERS = ("text", "long_text"), ("money", "decimal", "number", "percent")
FIRST = 17


@pytest.fixture
def reader(world: World) -> Any:
    """Return a user who may do everything, but is no administrator."""
    user = make_user("reader", "regular")
    verbs = {action.needs for entity in registry.all_entities() for action in registry.actions(entity)}
    every = {"view", "add", "edit", "delete", "export", "import", *verbs}
    Assignment.objects.create(role=role_of("all-of-all", registry.keys(), "all", every), user=user)
    rebuild_grants()
    forget()
    return user


def marked(entity: Entity, record: Any) -> dict[str, str]:
    """Give each field of a record that takes one a value that stands nowhere else; return how it is written."""
    found: dict[str, str] = {}
    for place, (key, field) in enumerate(fields_of(entity).items()):
        text = f"Zqv{place}x" if field.kind.key in TEXTS else f"642.{FIRST + place}"
        if field.read_only or field.is_custom or field.kind.key not in (*TEXTS, *NUMBERS):
            continue
        value: Any = text if field.kind.key in TEXTS else Decimal(text)
        value = {"amount": text, "currency": "EUR"} if field.kind.key == "money" else value
        try:
            with transaction.atomic():
                writes.change(record, {key: value}, by=SYSTEM)
        except KanalError:
            continue
        found[key] = text
    record.refresh_from_db()
    title = str(getattr(record, entity.title))
    return {key: text for key, text in found.items() if key != entity.title and text not in title}


def neighbours(entity: Entity, record: Any, user: Any) -> Iterator[str]:
    """Give the addresses of the pages of a record and of those that it stands on, with all their tabs."""
    near = [(entity, record)]
    for field in fields_of(entity).values():
        if field.kind.family == "relation" and field.target and not field.is_custom:
            target = registry.get(field.target)
            near += [(target, one) for one in target.model._default_manager.filter(pk=field.get(record) or 0)]
    for one, row in near:
        url = one.url(row.pk)
        yield from (url, f"{url}edit", f"{url}?tab=history")
        yield from (f"{url}?tab={tab.key}" for tab in shown_tabs(one, row, user))


def shown(entity: Entity, record: Any, user: Any) -> dict[str, str]:
    """Return what a user reads of a record, by place."""
    client, token = Client(), {"Authorization": f"Bearer {tokens.make(user, 'test')}"}
    client.force_login(user)
    pages = [*neighbours(entity, record, user), entity.list_url, f"{entity.list_url}export.csv"]
    answers = [
        f"/api/v1/{entity.key}/{record.pk}",
        f"/api/v1/{entity.key}",
        f"/api/v1/{entity.key}/{record.pk}/history",
    ]
    found = {url: client.get(url) for url in dict.fromkeys(pages)}
    found |= {url: client.get(url, headers=token) for url in answers}
    return {url: body_of(response) for url, response in found.items() if response.status_code in (200, 422)}


def body_of(response: Any) -> str:
    """Return the text of an answer."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode(errors="replace")


@pytest.mark.parametrize("key", registry.keys())
def test_hidden_fields_of_a_type_are_nowhere(key: str, world: World, reader: Any) -> None:
    """ACC-6: forms, pages, lists, exports, history and API of a type, and the pages of what its records stand on."""
    entity, record = registry.get(key), world.find(key)
    values = marked(entity, record)
    before = shown(entity, record, reader)
    told = {field: text for field, text in values.items() if any(text in body for body in before.values())}
    assert told.keys() == values.keys()
    for field in told:
        FieldVisibility.objects.update_or_create(entity=key, field=field, defaults={"user_types": ["administrator"]})
    forget()
    after = shown(entity, record, reader)
    seen = [(url, field) for url, body in after.items() for field, text in told.items() if text in body]
    assert not seen
    assert any(after.values())
