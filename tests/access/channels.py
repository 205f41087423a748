"""Every way by which a record or a field could come out: all addresses of the resolver, all reading of the API.

An address or an operation that is not known here fails test_channels until it is added.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.test import Client

from kanal.core import registry
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from tests.access import oracle
from tests.access.world import MARKS, World
from tests.urls.addresses import Address, operations, pages

OTHERS = {
    "home": ("/",), "crm": ("/crm/",), "pricing": ("/pricing/",), "price-overview": ("/pricing/overview/",),
    "prices-missing": ("/pricing/missing/",),
    "settings": ("/settings/",), "crm-settings": ("/crm/settings/",),
    "me": ("/me/",), "favourite-accounts": ("/crm/accounts/favourites",),
    "splitter-filters": ("/settings/splitter-filters/",),
    "saved-filters": ("/saved-filters/leads/",), "saved-filter-new": ("/saved-filters/leads/new",),
    "search": (), "pick": (),
    "exported-file": (), "filter-editor": ("/filters/leads/editor",),
    "filter-condition": ("/filters/leads/condition",),
    "project-crm": (), "project": (), "file": (), "file-version": (), "comment-edit": (),
}  # fmt: skip
# What shows no record: signing in, health, pages for administrators alone, one's own jobs, tokens and saved filters.
WITHOUT_RECORDS = re.compile(
    r"(account_|mfa_|usersessions_).*|healthz|readyz|styleguide|(role|roles|categories|currencies|choice|choices"
    r"|custom-field|custom-fields|field-rule|field-rules|field-visibility|settings-options|audit|import|progress"
    r"|saved-filter|me-token|me|job|jobs|own-jobs|performance|metrics|live)(-.*)?|(file|comment)-(rename|current|delete)"
)
API_TABLES = {
    "me",
    "roles",
    "categories",
    "statuses",
    "currencies",
    "exchange-rates",
    "custom-fields",
    "saved-filters",
    "jobs",
}
MAIN = {"search", "pick", "api-list", "api-record", "api-record/history", "tab-history", "list-all", "detail"}
SHORT = 7
TURNS = 2


def keys() -> list[str]:
    """Name the record types."""
    return [entity.key for entity in registry.all_entities()]


@dataclass(frozen=True)
class Answer:
    """What came back: on which channel, for which record (if it was about one), with which status and marks."""

    channel: str
    url: str
    status: int
    text: str
    key: str = ""
    pk: int | None = None

    @property
    def marks(self) -> set[str]:
        """Find the marks in the answer."""
        return set(MARKS.findall(self.text))


def text_of(response: Any) -> str:
    """Read an answer whole: a stream put together, a zip file unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(parts.read(name) for name in parts.namelist())
    return content.decode(errors="replace") + " " + str(response.headers)


@dataclass(frozen=True)
class Step:
    """Something to ask for: a page, a part of one (`how` is fragment) or an operation of the API (`how` is api)."""

    channel: str
    url: str
    key: str = ""
    pk: int | None = None
    how: str = "page"


class Walk:
    """One user who looks everywhere."""

    def __init__(self, world: World, user: Any) -> None:
        self.world, self.user, self.pages = world, user, by_type()
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)
        self.token = {"Authorization": f"Bearer {world.tokens[user.pk]}"}

    def everything(self, share: float, turn: int) -> Iterator[Answer]:
        """Look everywhere: each type on each main channel, at its turn on all others, and a share of all the rest."""
        tried: set[tuple[str, str]] = set()
        for step in self.steps():
            place = (step.channel.removeprefix("project-"), step.key)
            is_main = step.channel.removeprefix(f"{step.key}-") in MAIN
            is_due = place not in tried and (is_main or crc32(str(place).encode()) % TURNS == turn)
            if is_due or self.world.chance(share):
                tried.add(place)
                yield self.ask(step)

    def ask(self, step: Step) -> Answer:
        """Do one step."""
        headers = {"page": {}, "fragment": {"HX-Request": "true"}, "api": self.token}[step.how]
        return self.answer(
            step, self.client.get(f"/api/v1{step.url}" if step.how == "api" else step.url, headers=headers)
        )

    def answer(self, step: Step, response: Any) -> Answer:
        """Read an answer; one that breaks off in the midst of a stream counts as a fault."""
        try:
            return Answer(step.channel, step.url, response.status_code, text_of(response), step.key, step.pk)
        except Exception as problem:
            return Answer(step.channel, step.url, 500, repr(problem), step.key, step.pk)

    def call(self, method: str, path: str, data: Any = None) -> Answer:
        """Call an operation of the API."""
        body = json.dumps(data) if data is not None else ""
        url = f"/api/v1{path}"
        response = self.client.generic(method, url, body, content_type="application/json", headers=self.token)
        return self.answer(Step("call", f"{method} {url}"), response)

    def is_seen(self, record: Any) -> bool:
        """Return whether the user may see a record; those who may not come first."""
        entity = registry.of(record)
        assert entity is not None
        who = self.world.facts.people[self.user.pk]
        return oracle.may(self.world.facts, who, self.world.facts.things[(entity.key, record.pk)], "view")

    def steps(self) -> Iterator[Step]:
        """List all ways."""
        yield from self.others()
        for entity in registry.all_entities():
            yield from self.type(entity)
            for record in sorted(self.world.records[entity.key], key=self.is_seen):
                yield from self.record(entity, record)

    def others(self) -> Iterator[Step]:
        """Open what belongs to no type; search and pick for everything."""
        for name, urls in OTHERS.items():
            for url in urls:
                yield Step(name, url)
        for project in self.world.records["projects"]:
            yield Step("project-crm", f"/projects/{project.identifier}/crm/")
            yield Step("project", f"/projects/{project.identifier}/")
        for mark, secret in self.world.secrets.items():
            yield Step("search", f"/search?q={mark[:SHORT]}", secret.key, how="fragment")
            if secret.field == registry.get(secret.key).title:
                yield Step("pick", f"/pick/{secret.key}?q={mark[:SHORT]}", secret.key)
        for key in keys():
            yield Step("pick", f"/pick/{key}?q=", key)
        for table in API_TABLES:
            yield Step("api-table", f"/{table}", how="api")

    def type(self, entity: Entity) -> Iterator[Step]:
        """Open all pages of many records of a type: as they are, with all columns, below each project."""
        every = ",".join(columns_of(entity))
        for address in self.pages[entity.key]:
            if "<int:pk>" in address.route or "<slug:verb>" in address.route:
                continue
            projects = self.world.records["projects"][:2] if "<slug:identifier>" in address.route else [None]
            for project in projects:
                url = address.filled(identifier=project.identifier if project else "")
                if not address.name.endswith("-list-export-csv"):
                    yield Step(address.name, url, entity.key)
                if address.name.endswith(("-list", "-list-export-csv", "-board", "-list-filter")):
                    yield Step(f"{address.name}-all", f"{url}?filter=&columns={every}&limit=200", entity.key)
        relations = ",".join(key for key, field in fields_of(entity).items() if field.target and not field.is_custom)
        yield Step("api-list", f"/{entity.key}?limit=500&include={relations}", entity.key, how="api")
        for child in registry.all_entities():
            if any(field.target == entity.key for field in fields_of(child).values()):
                yield Step("api-include", f"/{entity.key}?limit=500&include={child.key}", entity.key, how="api")

    def record(self, entity: Entity, record: Any) -> Iterator[Step]:
        """Open all pages of one record, each tab and verb, and ask the API for all of it."""
        pk = record.pk
        for address in self.pages[entity.key]:
            if "<int:pk>" not in address.route:
                continue
            verbs = [action.verb for action in registry.actions(entity)] if "<slug:verb>" in address.route else [""]
            for verb in verbs:
                url = address.filled(pk=pk, verb=verb, identifier=self.world.records["projects"][0].identifier)
                yield Step(address.name + verb, url, entity.key, pk)
        for tab in ("files", "history", *(registered_tab.key for registered_tab in registry.tabs(entity))):
            yield Step(f"tab-{tab}", f"{entity.url(pk)}?tab={tab}", entity.key, pk)
        for method, path in operations():
            if method == "GET" and path.startswith(f"/{entity.key}/{{pk}}"):
                yield Step(f"api-record{path.split('}')[1]}", path.replace("{pk}", str(pk)), entity.key, pk, how="api")
        yield from self.hints(entity, pk)

    def hints(self, entity: Entity, pk: int) -> Iterator[Step]:
        """Name a record in forms, filters and pickers that would show what it is called."""
        yield Step("pick", f"/pick/{entity.key}?q={pk}", entity.key)
        for child in registry.all_entities():
            field = next((candidate for candidate in fields_of(child).values() if candidate.target == entity.key), None)
            if field is None or field.is_custom:
                continue
            condition = f"{field.key}:any({pk})"
            yield Step("chip", f"{child.list_url}?filter={condition}", child.key)
            if child.is_creatable:
                yield Step("prefill", f"/{child.path}/new?{field.key}={pk}", child.key)


def by_type() -> dict[str, list[Address]]:
    """Sort the addresses of the resolver by the types to whose records they lead."""
    addresses: dict[str, list[Address]] = {key: [] for key in keys()}
    for address in pages():
        if entity := entity_of(address):
            addresses[entity.key].append(address)
    return addresses


def columns_of(entity: Entity) -> list[str]:
    """Name all columns of a type, and those one relation away."""
    columns = []
    for key, field in fields_of(entity).items():
        columns.append(key)
        target = registry.find(field.target) if field.target and not field.is_custom else None
        if target is not None and field.type.category == "relation":
            columns += [f"{key}.{inner}" for inner in list(fields_of(target))[:6]]
    return columns[-40:]


def entity_of(address: Address) -> Entity | None:
    """Return the type to whose records an address belongs."""
    route = address.route.removeprefix("projects/<slug:identifier>/")
    for entity in sorted(registry.all_entities(), key=lambda candidate: -len(candidate.path)):
        if route.startswith(f"{entity.path}/") and not (entity.key == "projects" and route.endswith("/crm/")):
            return entity
    return None


def untried(walk: Walk) -> list[str]:
    """Name the addresses below a type at which a walk does not look; those of verbs where there are none."""
    tried = {(step.key, step.channel) for step in walk.steps()}
    return [
        f"{key} {address.name}"
        for key, addresses in walk.pages.items()
        for address in addresses
        if not any(key == tried_key and channel.startswith(address.name) for tried_key, channel in tried)
        and ("<slug:verb>" not in address.route or registry.actions(registry.get(key)))
    ]


def unknown() -> list[str]:
    """Name the addresses and operations that this file does not try."""
    untried_names = [
        address.name
        for address in pages()
        if address.name not in OTHERS and entity_of(address) is None and not WITHOUT_RECORDS.fullmatch(address.name)
    ]
    for method, path in operations():
        first = path.split("/")[1]
        if registry.find(first) is None and first not in {*API_TABLES, "files", "comments"}:
            untried_names.append(f"{method} {path}")
    return untried_names
