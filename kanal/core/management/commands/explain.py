"""`kanal explain TYPE`: print everything that follows from a declaration."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kanal.core import registry
from kanal.core.entity import Entity
from kanal.core.fields.registry import sections_of
from kanal.core.query.operators import OPERATORS_BY_CATEGORY

PERMISSIONS = ("view", "add", "edit", "edit_own", "delete", "export", "import")


class Command(BaseCommand):
    """Explain a record type."""

    help = "Print fields, filters, actions, tabs, addresses and permissions of a record type."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the type's key."""
        parser.add_argument("type", nargs="?", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the explanation, or the list of types."""
        entity = registry.find(options["type"])
        if entity is None:
            if options["type"]:
                raise CommandError(f"There is no type “{options['type']}”. There are: {', '.join(registry.keys())}.")
            self.stdout.write("\n".join(registry.keys()))
            return
        for line in explain(entity):
            self.stdout.write(line)


def explain(entity: Entity) -> list[str]:
    """List what follows from a declaration, a line each."""
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
    return lines + part("Tabs", [f"{tab.key:20} {tab.label}" for tab in registry.tabs(entity)])


def part(title: str, lines: Iterable[str]) -> list[str]:
    """Return a titled part of the explanation; nothing where there are no lines."""
    indented = [f"  {line}" for line in lines]
    return ["", title, *indented] if indented else []
