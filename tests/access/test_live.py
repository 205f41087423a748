"""The live channel, what pages ask after it, and long work: nobody hears of a record or job that is hidden (SEC-1)."""

import json
from typing import Any

from kanal.core import registry
from kanal.core.live import authorization
from kanal.core.live.clients import Client
from kanal.core.live.coalescing import MOST, Batch
from kanal.core.models import Progress
from tests.access import oracle
from tests.access.channels import Walk
from tests.access.test_channels import hidden_from, walker
from tests.access.world import World


def seen(world: World, user: Any, key: str) -> set[int]:
    """Return the ids of a type that the rules show to a user who may view the type; nobody else has a list of it."""
    who, things = world.facts.people[user.pk], world.facts.things
    if not oracle.has(world.facts, who, key, "view"):
        return set()
    return {
        record.pk for record in world.records[key] if oracle.may(world.facts, who, things[(key, record.pk)], "view")
    }


def pages_of(world: World) -> list[Client]:
    """Open, for each user, a page that asks for everything: all lists, and the pages of all records it may show."""
    keys = [entity.key for entity in registry.all_entities()]
    clients = []
    for user in world.users:
        shown = {key: {record.pk for record in world.records[key]} for key in keys}
        admitted = authorization.seen_by(user, shown)
        assert admitted == {key: seen(world, user, key) for key in keys}, user
        records = frozenset((key, pk) for key, ids in admitted.items() for pk in ids)
        types = frozenset(key for key in keys if oracle.has(world.facts, world.facts.people[user.pk], key, "view"))
        clients.append(Client(user.pk, types=types, records=records, visible_ids=admitted))
    return clients


def told_to(world: World, messages: list[dict[str, Any]]) -> list[tuple[Client, Any]]:
    """Return what all pages hear of some messages of the database."""
    batch = Batch()
    for message in messages:
        batch.add(message)
    return list(authorization.answers(batch, pages_of(world), {user.pk: user for user in world.users}))


def test_the_channel_names_what_is_seen_and_nothing_else(world):
    """JOB-2, ACC-7: each user hears of the changed records of each type that the rules show, and of no other."""
    ids = {entity.key: [record.pk for record in world.records[entity.key]] for entity in registry.all_entities()}
    assert all(0 < len(some) <= MOST for some in ids.values())
    heard: dict[tuple[int, str], set[int]] = {}
    for client, message in told_to(world, [{"type": key, "kind": "u", "ids": some} for key, some in ids.items()]):
        assert message is not None
        assert not message.get("gone"), message
        heard.setdefault((client.user_id, message["type"]), set()).update(message.get("changed", ()))
        for text in message.get("about", ()):
            key, _dot, pk = text.partition(".")
            assert int(pk) in seen(
                world, next(candidate for candidate in world.users if candidate.pk == client.user_id), key
            )
    for user in world.users:
        for key in ids:
            assert heard.get((user.pk, key), set()) == seen(world, user, key), f"{user.username} {key}"


def test_nobody_hears_of_the_end_of_a_hidden_record(world):
    """JOB-2, ACC-5: a deletion is told to pages that showed the record alone."""
    messages = [
        {"type": entity.key, "kind": "d", "ids": [record.pk for record in world.records[entity.key]]}
        for entity in registry.all_entities()
    ]
    users = {user.pk: user for user in world.users}
    for client, message in told_to(world, messages):
        assert message is not None
        assert set(message.get("gone", ())) <= seen(world, users[client.user_id], message["type"]), message


def test_pages_find_only_what_is_seen(world):
    """JOB-2, KAN-3: which of all records stand in a list, and the cards of those on a board."""
    user = walker(world)
    walk, hidden = Walk(world, user), hidden_from(world, user)
    for entity in registry.all_entities():
        ids = ",".join(str(record.pk) for record in world.records[entity.key])
        response = walk.client.get(f"/live/{entity.key}/matching?filter=&ids={ids}")
        if response.status_code == 404:
            assert not oracle.has(world.facts, world.facts.people[user.pk], entity.key, "view")
        else:
            assert set(json.loads(response.content)["ids"]) == seen(world, user, entity.key), entity.key
        cards = walk.client.get(f"/live/{entity.key}/cards?filter=&ids={ids}")
        assert cards.status_code in (200, 404)
        assert not [mark for mark in hidden if mark in cards.content.decode()], entity.key


def test_long_work_is_for_those_who_began_it(world):
    """JOB-1: its page, its messages and its place among the jobs; administrators see all."""
    works = {user.pk: Progress.objects.create(title=f"Export {world.mark()}", user=user) for user in world.users}
    received = told_to(world, [{"work": work.pk} for work in works.values()])
    assert {client.user_id: [work_entry["id"] for work_entry in message["work"]] for client, message in received} == {
        pk: [work.pk] for pk, work in works.items()
    }
    for user in world.users:
        client = Walk(world, user).client
        for pk, work in works.items():
            is_open = pk == user.pk or user.is_administrator
            assert client.get(f"/progress/{work.pk}").status_code == (200 if is_open else 404)
            assert client.post(f"/progress/{work.pk}/cancel").status_code == (302 if is_open else 404)
        assert client.get("/settings/jobs/").status_code == (200 if user.is_administrator else 403)
        foreign = [work.title for pk, work in works.items() if pk != user.pk]
        assert not [title for title in foreign if title in client.get("/me/jobs/").content.decode()]
