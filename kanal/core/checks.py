"""Start-up checks of declarations: every column is in a section or internal, every name exists and is unique."""

from collections import Counter
from typing import Any

from django.core.checks import Error, register

from kanal.core import registry
from kanal.core.entity import Entity
from kanal.core.fields.marks import ATTENTION
from kanal.core.fields.registry import STANDARD

OWN = {*STANDARD, "custom", "revision", "owner_ids"}


@register()
def declarations(**_options: Any) -> list[Error]:
    """Check every declared record type."""
    checks = (problems, undeclared, unsaid, repeated)
    return [error for entity in registry.all_entities() for check in checks for error in check(entity)]


def undeclared(entity: Entity) -> list[Error]:
    """Return errors for parts of a record's page that don't declare which fields they use (ACC-6)."""
    parts: list[Any] = [tab for tab in registry.tabs(entity) if tab.context is not None]
    parts += [*registry.blocks(entity.key), *(figure for figure in registry.figures(entity) if not figure.fields)]
    return [
        Error(f"{entity.key}: “{part.key}” does not say of which fields it tells", id="kanal.E002")
        for part in parts
        if part.tells is None
    ]


def repeated(entity: Entity) -> list[Error]:
    """List the names that two actions, tabs, figures or blocks of a type share, as only the first would be found."""
    parts = {
        "action": [action.verb for action in registry.actions(entity)],
        "tab": [tab.key for tab in registry.tabs(entity)],
        "figure": [figure.key for figure in registry.figures(entity)],
        "block": [block.key for block in registry.blocks(entity.key)],
    }
    return [
        Error(f"{entity.key}: there are {number} {kind}s named “{name}”", id="kanal.E005")
        for kind, names in parts.items()
        for name, number in Counter(names).items()
        if number > 1
    ]


def unsaid(entity: Entity) -> list[Error]:
    """Return errors for missing phrases, and for phrases about things the type can't do.

    A type that only its own pages create (CONT-3) isn't `is_creatable`, but can have the phrase `new`.
    """
    phrases = entity.phrases
    wanted = {"new": entity.is_creatable, "delete": entity.is_deletable, "import_": entity.is_importable}
    wrong = [
        name
        for name, is_wanted in wanted.items()
        if bool(getattr(phrases, name)) is not is_wanted and (is_wanted or name != "new")
    ]
    wrong += [name for name in ("edit", "none", "count") if not getattr(phrases, name)]
    return [Error(f"{entity.key}: the phrase “{name}” is missing or not needed", id="kanal.E003") for name in wrong]


def problems(entity: Entity) -> list[Error]:
    """Return the errors of one declaration."""
    meta = entity.model._meta
    columns = {column.name: column for column in (*meta.concrete_fields, *meta.many_to_many)}
    placed = {key for section in entity.sections for key in section.fields}
    derived = {getattr(column, "converted", "") for column in columns.values()}
    derived |= {getattr(column, "currency", "") for column in columns.values()}
    derived |= {getattr(column, "day", "") for column in columns.values()}
    listed = {*entity.listing.columns, *entity.listing.search, entity.title, entity.listing.status} - {""}
    messages = [f"“{key}” is in a section but no column" for key in sorted(placed - set(columns))]
    messages += [
        f"“{name}” is in no section and not internal"
        for name, column in columns.items()
        if name not in placed | OWN | derived | set(entity.internal) and not getattr(column, "generated", False)
    ]
    known = {*columns, *([ATTENTION] if entity.marks else [])}
    messages += [f"“{name}” is listed but no field" for name in sorted(listed) if name.split(".")[0] not in known]
    sources = {key for mark in entity.marks for key in mark.fields} - set(entity.tells_of.get(ATTENTION, ()))
    messages += [f"marks use “{key}”, from which it isn't known that they tell" for key in sorted(sources)]
    messages += wrong_inputs(entity)
    messages += (
        ["has a board but no field that holds the status"] if entity.has_board and not entity.listing.status else []
    )
    return [Error(f"{entity.key}: {text}", id="kanal.E001") for text in messages]


def wrong_inputs(entity: Entity) -> list[str]:
    """Return the inputs of a type's actions that aren't columns, and picked records without an input."""
    problems = []
    for action in registry.actions(entity):
        dialog, model = action.dialog, action.dialog.model or entity.model
        columns = {column.name for column in model._meta.get_fields()}
        names = [entry for entry in dialog.inputs if isinstance(entry, str)]
        problems += [f"“{action.verb}” asks for “{name}”, which is no column" for name in names if name not in columns]
        if dialog.pick and not dialog.pick_as:
            problems.append(f"“{action.verb}” does not name the input that takes what is picked")
    return problems
