"""What a user may not see is found nowhere: on no page, in no file, by no search, filter, sort or include (SEC-1)."""

import os
from collections import defaultdict
from typing import Any

from kanal.core import registry
from kanal.core.fields import fields_of
from kanal.core.models import Change, Choice
from tests.access import oracle
from tests.access.channels import TURNS, Answer, Step, Walk, entity_of, unknown, untried
from tests.access.surroundings import MADE_OF
from tests.access.world import Secret, World
from tests.urls.addresses import operations, pages

# The suite looks at each type on each main channel and at a part of the rest; 1 looks at everything, for an hour.
SHARE = float(os.environ.get("KANAL_ACCESS_SHARE", "0"))
PART = max(SHARE, 0.15)


def is_shown(world: World, user: Any, secret: Secret) -> bool:
    """Return whether a user may see what a mark stands for."""
    who = world.facts.people[user.pk]
    thing = world.facts.things[(secret.key, secret.pk)]
    if not oracle.may(world.facts, who, thing, "view"):
        is_title = secret.field == registry.get(secret.key).title and not secret.kind
        return is_title and oracle.chooses(world.facts, who, thing)
    if secret.kind == "internal":
        return not who.is_external
    if secret.kind == "private":
        return oracle.hears(world.facts, who, world.facts.things[(secret.key, secret.pk)], secret.author)
    if secret.kind:
        return True
    named = {registry.get(secret.key).title, *MADE_OF.get(secret.key, ())}
    return secret.field in named or oracle.reads(world.facts, who, secret.key, secret.field)


def is_label(user: Any, secret: Secret) -> bool:
    """Return whether a mark is a word that stands on other records by right.

    The options of a choice; how colleagues are called, who did something; what an item or a price is for; oneself.
    """
    if issubclass(registry.get(secret.key).model, Choice) or (secret.key, secret.pk) == ("users", user.pk):
        return True
    return (secret.key, secret.field) in LABELS


# Types whose list is a page of its own, which takes no filter.
OWN_LISTS = {"splitter-filters"}
LABELS = {("users", "last_name"), ("users", "first_name"), ("products", "name"), ("bundles", "name")}


def hidden_from(world: World, user: Any) -> dict[str, Secret]:
    """Return the marks that a user may find nowhere."""
    marks = world.secrets.items()
    return {mark: secret for mark, secret in marks if not is_label(user, secret) and not is_shown(world, user, secret)}


def walker(world: World) -> Any:
    """Choose who looks: somebody of a partner, or from inside, or an administrator, world by world in turn.

    Somebody with roles rather than without, as long as there is one.
    """
    is_outside, is_admin = world.seed % 2 == 0, world.seed % 8 == 7
    fitting = [user for user in world.users if (user.is_external, user.is_administrator) == (is_outside, is_admin)]
    able = [user for user in fitting if is_able(world, user)] or fitting
    return able[world.seed // 2 % len(able)]


def is_able(world: World, user: Any) -> bool:
    """Return whether a user may view several types, so that there is something to ask."""
    who = world.facts.people[user.pk]
    return sum(oracle.has(world.facts, who, entity.key, "view") for entity in registry.all_entities()) > 5


def test_every_address_is_a_channel():
    """A new address or operation fails here until channels.py tries it."""
    assert unknown() == []


def test_nothing_hidden_is_found(world):
    """ACC-5…8, LIST-3a, SRCH-2, HIST-1, FILE-3: one user looks everywhere; every type on every channel is tried."""
    user = walker(world)
    hidden, wrong = hidden_from(world, user), []
    assert len(hidden) > (5 if user.is_administrator else 50)
    tried: dict[str, set[str]] = defaultdict(set)
    walk = Walk(world, user)
    assert untried(walk) == []
    for answer in walk.everything(SHARE, world.seed % TURNS):
        tried[answer.channel].add(answer.key)
        wrong += troubles(world, user, answer, hidden)
    assert not wrong, f"{user.username} ({user.user_type}), {len(wrong)}:\n" + "\n".join(sorted(set(wrong))[:40])
    for channel in ("search", "pick", "api-list", "api-record", "api-record/history", "tab-history"):
        assert tried[channel] >= {entity.key for entity in registry.all_entities()} - without(channel), channel


def without(channel: str) -> set[str]:
    """Name the types that have no such channel: without a text that could be searched for."""
    titleless = {"prices", "bundle-items", "business-roles", "intakes"}
    return {"search": titleless}.get(channel, set())


def troubles(world: World, user: Any, answer: Answer, hidden: dict[str, Secret]) -> list[str]:
    """Name what is wrong with an answer: a mark that is hidden, a record that is there, a fault."""
    problems = [f"{answer.channel} {answer.url}: {hidden[mark]} {mark}" for mark in answer.marks & set(hidden)]
    if answer.status >= 500:
        problems.append(f"{answer.channel} {answer.url}: {answer.status}")
    if answer.pk is None:
        return problems
    thing, who = world.facts.things[(answer.key, answer.pk)], world.facts.people[user.pk]
    is_seen = oracle.may(world.facts, who, thing, "view")
    if not is_seen and answer.status not in (404, 405):
        problems.append(f"{answer.channel} {answer.url}: {answer.status} of a hidden record")
    if is_seen and answer.status == 404 and answer.channel == f"{answer.key}-detail":
        problems.append(f"{answer.channel} {answer.url}: 404 of a record that is seen")
    for action in ("edit", "delete"):
        is_shown = answer.channel == f"{answer.key}-{action}" and answer.status == 200
        if is_shown and not oracle.may(world.facts, who, thing, action):
            problems.append(f"{answer.channel} {answer.url}: may not {action}")
    return problems


def test_hidden_fields_cannot_be_probed(world):
    """LIST-3a: a filter, sort, group or choice of a field that one may not see is refused, one relation away too."""
    user = walker(world)
    who, walk, asked = world.facts.people[user.pk], Walk(world, user), 0
    own = {mark for mark, secret in world.secrets.items() if (secret.key, secret.pk) == ("users", user.pk)}
    for entity in registry.all_entities():
        if not oracle.has(world.facts, who, entity.key, "view"):
            continue
        for key in fields_of(entity):
            if oracle.reads(world.facts, who, entity.key, key) or not world.chance(PART):
                continue
            asked += 1
            for part in (f"filter={key}:set()", f"sort={key}", f"fields={key}"):
                assert walk.call("GET", f"/{entity.key}?{part}").status == 422, f"{entity.key} {part}"
            shown = walk.ask(Step("probe", entity.list_url)).marks if entity.key in OWN_LISTS else own
            for part in (f"filter={key}:set()", f"sort=-{key}", f"group={key}"):
                answer = walk.ask(Step("probe", f"{entity.list_url}?{part}"))
                assert not answer.marks - shown, f"{entity.key} {part}"
    assert asked > 3 or user.is_administrator or not is_able(world, user)


def test_hidden_records_cannot_be_probed(world):
    """LIST-3a, ACC-5: a filter on what lies behind a relation looks only at records that the reader sees."""
    user = walker(world)
    who, walk, asked = world.facts.people[user.pk], Walk(world, user), 0
    for mark, secret in hidden_from(world, user).items():
        if secret.kind or secret.field.startswith("custom.") or not world.chance(PART):
            continue
        for child in registry.all_entities():
            fields = fields_of(child).values()
            relation = next((field for field in fields if field.target == secret.key and not field.is_custom), None)
            if relation is None or not oracle.has(world.facts, who, child.key, "view"):
                continue
            asked += 1
            answer = walk.call("GET", f"/{child.key}?filter={relation.key}.{secret.field}:contains({mark})")
            assert answer.status == 422 or '"items":[]' in answer.text, f"{child.key}.{relation.key} {secret}"
    assert asked > 3 or user.is_administrator or not is_able(world, user)


def test_lists_hold_what_is_seen_and_nothing_else(world):
    """ACC-7: the ids of each list of the API are those of the rules, and so is its count."""
    user = walker(world)
    who, walk = world.facts.people[user.pk], Walk(world, user)
    for entity in registry.all_entities():
        status, data = read(walk, f"/{entity.key}?limit=500&fields=id")
        if status == 403:
            assert not oracle.has(world.facts, who, entity.key, "view")
            continue
        listed_ids = {item["id"] for item in data["items"]}
        for record in world.records[entity.key]:
            thing = world.facts.things[(entity.key, record.pk)]
            assert (record.pk in listed_ids) == oracle.may(world.facts, who, thing, "view"), thing
        assert data["count_is_estimate"] or data["count"] == len(listed_ids), entity.key


def read(walk: Walk, path: str) -> tuple[int, Any]:
    """Ask the API and read its JSON."""
    import json

    response = walk.client.get(f"/api/v1{path}", headers=walk.token)
    return response.status_code, json.loads(response.content)


def test_hidden_records_cannot_be_changed(world):
    """ACC-7: no page, verb, operation or bulk change reaches a record that is hidden; it answers as if it were not."""
    user = walker(world)
    who, walk = world.facts.people[user.pk], Walk(world, user)
    before = Change.objects.count()
    for entity in registry.all_entities():
        hidden = [
            record
            for record in world.records[entity.key]
            if not oracle.may(world.facts, who, world.facts.things[(entity.key, record.pk)], "view")
        ]
        for record in hidden[:1]:
            for method, path in operations():
                if method != "GET" and path.startswith(f"/{entity.key}/{{pk}}") and world.chance(PART):
                    answer = walk.call(method, path.replace("{pk}", str(record.pk)), {"text": "x"})
                    assert answer.status in (404, 400, 415, 422), f"{answer.url}: {answer.status}"
            for address in pages():
                if entity_of(address) is entity and "<int:pk>" in address.route and world.chance(PART):
                    verb = next(iter(registry.actions(entity)), None)
                    url = address.filled(pk=record.pk, verb=verb.verb if verb else "x")
                    assert walk.client.post(url).status_code in (404, 405), url
            bulk = f"/{entity.path}/data/bulk-delete?filter="
            answers = (302, 200, 403) if entity.is_deletable else (404,)
            assert walk.client.post(bulk, {"ids": [record.pk]}).status_code in answers
    assert Change.objects.count() == before
