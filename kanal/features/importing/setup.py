"""Configuration of an import: initially by its headers, then by the user's choices. Both scan the whole file."""

from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.fields import Field
from kanal.core.fields.registry import STANDARD
from kanal.features.importing import mapping, naming, presets, reading, saving
from kanal.features.importing.layout import Layout, Table
from kanal.features.importing.models import Import
from kanal.features.importing.presets import preset_of
from kanal.features.importing.survey import survey
from kanal.kit.errors import Invalid
from kanal.kit.letters import fold

# Fields that files of other systems often lack, in the order in which the page offers them for all rows.
USUAL = (
    "project", "projects", "type", "status", "assignee", "account_manager", "owner", "manager", "category", "tracker",
    "priority", "source", "channel", "campaign", "pipeline", "partner", "account", "country", "language", "industry",
)  # fmt: skip
SAMPLED = 100
MATCHES = ("id", "email", "number", "code", "identifier", "vat_number", "registration_number")


def configure_import(run: Import) -> None:
    """Configure an import by its headers: as saved for the same headers, else by their usual meaning."""
    table = import_table(run)
    offered = mapping.targets(run.user, registry.get(run.entity))
    saved = saving.for_heads(run.user, run.entity, table.heads)
    if saved is not None:
        saving.apply(run, saved, offered)
    else:
        guess(run, table, offered)
    look(run, table)


def guess(run: Import, table: Table, offered: dict[str, Any]) -> None:
    """Configure an import by the usual meaning of its headers."""
    own = is_own(run, table)
    run.mapping = mapping.guess(table.heads, offered, run.entity, is_own=own)
    keys = [key for key in MATCHES if key in run.mapping.values() and (key != "id" or own or names_records(run))]
    run.match = keys[0] if keys else ""
    run.preset = presets.system_of(table.heads)
    fields = fixable(run)
    run.fixed = {key: preset for key, field in fields.items() if field.required and (preset := preset_of(field))}


def is_own(run: Import, table: Table) -> bool:
    """Return whether a file is an export of Kanal."""
    fields = access.FieldContext(run.user, registry.get(run.entity)).readable
    return mapping.is_own(table.heads, [fields[key].label for key in STANDARD if key in fields])


def names_records(run: Import) -> bool:
    """Return whether ids in a file are Kanal's: in half of the first rows, the record's name is next to its id.

    Other systems number records too; matching their ids would overwrite unrelated records.
    """
    table = import_table(run)
    place = next(place for place, head in enumerate(table.heads) if run.mapping.get(head) == "id")
    rows = (cells for _line, cells in islice(table.rows, SAMPLED) if naming.is_id(cells[place]))
    cells_by_id = {naming.id_in(cells[place]): cells for cells in rows}
    titles = access.display_names(run.user, registry.get(run.entity), list(cells_by_id))
    named = sum(fold(titles[pk]) in fold(" ".join(cells)) for pk, cells in cells_by_id.items() if titles.get(pk))
    return bool(cells_by_id) and named * 2 >= len(cells_by_id)


def import_table(run: Import) -> Table:
    """Return the table of the file and store its detected layout."""
    table = reading.read_table(bytes(run.content), run.name, Layout.of(run.layout))
    run.layout = table.source.layout.as_json()
    return table


def look(run: Import, table: Table | None = None) -> None:
    """Scan the whole file and store the result."""
    fields = access.FieldContext(run.user, registry.get(run.entity)).writable
    run.survey = survey(table or import_table(run), run.mapping, fields).as_json()


def fixable(run: Import) -> dict[str, Field]:
    """Return the fields that can be set for all rows: required ones first, then those that files often lack."""
    fields = access.FieldContext(run.user, registry.get(run.entity)).writable
    simple = {key: field for key, field in fields.items() if field.type.category not in ("json", "money")}
    named = set(run.mapping.values())
    full = named | ({"first_name", "last_name"} if mapping.FULL_NAME in named else set())
    required = [key for key, field in simple.items() if field.required and is_wanted(field, full)]
    keys = dict.fromkeys([*required, *(key for key in USUAL if key in simple)])
    return {key: simple[key] for key in keys}


def is_wanted(field: Field, named: set[str]) -> bool:
    """Return whether to ask for a required field: not if its column has no gaps that a value could fill."""
    if field.type.category == "boolean":
        return False
    return field.key not in named or field.type.category in ("choice", "choices", "relation", "relations")


def fix(run: Import, texts: dict[str, Any]) -> None:
    """Store values for all rows. Raise Invalid if one isn't valid for its field."""
    fields, context = fixable(run), access.clean_context(run.user)
    fixed: dict[str, Any] = {}
    errors: dict[str, list[Any]] = {}
    for key, raw in texts.items():
        if raw in (None, "", []):
            continue
        if key.endswith(mapping.CURRENCY):
            fixed[key] = raw
            continue
        try:
            field = fields[key]
            fixed[key] = field.dump(field.clean(raw, context))
        except (KeyError, ValueError) as problem:
            errors[key] = [str(problem)]
    if errors:
        raise Invalid(errors)
    run.fixed = fixed


def choose(run: Import, chosen: dict[str, str], match: str, mode: str) -> None:
    """Store the mapping of columns to fields. Raise Invalid if columns that can't be joined have the same field."""
    entity = registry.get(run.entity)
    offered = mapping.targets(run.user, entity)
    fields = access.FieldContext(run.user, entity).writable
    run.mapping = {head: key for head, key in chosen.items() if key in offered}
    if twice := mapping.clashes(run.mapping, {key: field.type.key for key, field in fields.items()}):
        label = offered[twice[0]]
        raise Invalid(_("Two columns are mapped to the same field: %(field)s.") % {"field": label})
    run.match = match if match in run.mapping.values() else ""
    run.mode = mode if mode in Import.Mode.values else Import.Mode.UPDATE
