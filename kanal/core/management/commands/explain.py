"""`kanal explain`: print the results of a declaration, and registrations by apps."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kanal.core import registry
from kanal.core.entity import Entity
from kanal.core.fields.registry import sections_of
from kanal.core.query.operators import OPERATORS_BY_CATEGORY
from kanal.kit.registries import Registry, listed_registries

T = TypeVar("T")
PERMISSIONS = ("view", "add", "edit", "edit_own", "delete", "export", "import")


class Command(BaseCommand):
    """Explain a record type, or list registrations by apps."""

    help = "Print all that follows from the declaration of a record type, or what apps have registered."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the type's key and the name of a registry."""
        parser.add_argument("type", nargs="?", default="", help="key of a record type, as leads")
        parser.add_argument("--registry", default="", help="name of a registry, as settings")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the explanation of a type, the entries of a registry, or the available names of both."""
        key, name = options["type"], options["registry"]
        if key:
            lines = explain_entity(among(key, "type", {entity.key: entity for entity in registry.all_entities()}))
        elif name:
            lines = registry_lines(among(name, "registry", listed_registries()))
        else:
            lines = names_to_explain()
        self.stdout.write("\n".join(lines))


def among(name: str, kind: str, known: dict[str, T]) -> T:
    """Return the value with this name. Raise CommandError with the available names."""
    if name not in known:
        raise CommandError(f"There is no {kind} “{name}”. There are: {', '.join(known)}.")
    return known[name]


def names_to_explain() -> list[str]:
    """Return the record types, and the registries with the number of their entries."""
    keys = [f"  {entity.key}" for entity in registry.all_entities()]
    counts = [f"{name:28} {len(entries)}" for name, entries in listed_registries().items()]
    return ["Record types", *keys, *part("Registries", counts)]


def registry_lines(entries: Registry[Any]) -> list[str]:
    """Return the entries of a registry, one per line."""
    return [f"{key:40} {text}" for key, text in entries.described()]


def registered_for(entity: Entity) -> Iterator[str]:
    """Yield the entries of all registries whose key names a type: `leads`, `leads.created`, `kanban.leads.limit`."""
    for name, entries in listed_registries().items():
        for key, text in entries.described():
            if entity.key in re.split(r"[. ]", key) and name != "record types":
                yield f"{name:28} {key:28} {text}"


def explain_entity(entity: Entity) -> list[str]:
    """Return the explanation of a declaration, one item per line."""
    lines = [f"{entity.label} ({entity.key}), table {entity.model._meta.db_table}", "", "Fields"]
    for title, fields in sections_of(entity):
        lines.append(f"  {title}")
        for field in fields:
            marks = [field.type.key, "required" if field.required else "", "read-only" if field.read_only else ""]
            marks.append(f"→ {field.target}" if field.target else "")
            lines.append(f"    {field.key:28} {field.label}  [{', '.join(mark for mark in marks if mark)}]")
            operators = sorted(OPERATORS_BY_CATEGORY.get(field.type.category, (set(),))[0])
            lines.append(f"    {'':28} filters: {' '.join(operators) or 'none'}")
    actions = registry.actions(entity)
    record_url = entity.url(0).replace("0", "<id>")
    lines += part("Pages", dict.fromkeys((entity.home, entity.list_url, record_url)))
    verbs = [f"POST /api/v1/{entity.key}/<id>/{action.verb}" for action in actions if action.run and action.api]
    lines += part("API", [f"/api/v1/{entity.key}", f"/api/v1/{entity.key}/<id>", *verbs])
    lines += part("Permissions", [" ".join(dict.fromkeys([*PERMISSIONS, *(action.needs for action in actions)]))])
    lines += part("Actions", [f"{action.verb:20} {action.label}" for action in actions])
    lines += part("Tabs", [f"{tab.key:20} {tab.label}" for tab in registry.tabs(entity)])
    return lines + part("Registered", registered_for(entity))


def part(title: str, lines: Iterable[str]) -> list[str]:
    """Return a titled part of the explanation, or nothing without lines."""
    indented = [f"  {line}" for line in lines]
    return ["", title, *indented] if indented else []
