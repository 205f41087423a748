"""Entries of the audit log as text: the row, and old and new values with their labels (ACC-10)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core import access, audit, registry, settings
from kanal.core.fields import fields_of
from kanal.core.fields.registry import section_title
from kanal.core.models import AuditEntry, Role, Setting
from kanal.web import display, structured
from kanal.web.templatetags.timeline import moment

Names = dict[tuple[type[Model], int], str]
TYPES = {
    "core.rolerule": gettext_lazy("Permissions of a role"),
    "core.assignment": gettext_lazy("Role of a user or group"),
    "core.fieldvisibility": gettext_lazy("Field settings"),
    "core.fieldrule": gettext_lazy("CRM field permissions"),
    "core.exchangerate": gettext_lazy("Exchange rate"),
    "core.currency": gettext_lazy("Currency"),
    "core.setting": gettext_lazy("Setting"),
    "core.apitoken": gettext_lazy("API token"),
    "leads.leadstatus": gettext_lazy("Lead status"),
}
COLUMNS = {
    "actions": gettext_lazy("Actions"), "visibility": gettext_lazy("Visibility"), "entity": gettext_lazy("Record type"),
    "field": gettext_lazy("Field"), "mode": gettext_lazy("Rule"), "status": gettext_lazy("Status"),
    "groups": gettext_lazy("Groups"), "users": gettext_lazy("Users"), "user_types": gettext_lazy("User types"),
    "roles": gettext_lazy("Roles"), "permissions": gettext_lazy("Permissions"), "scopes": gettext_lazy("Scopes"),
    "value": gettext_lazy("Value"), "rows": gettext_lazy("Rows"), "default_for": gettext_lazy("Default for"),
    "role": gettext_lazy("Role"), "user": gettext_lazy("User"), "group": gettext_lazy("Group"),
    "project": gettext_lazy("Project"), "conditions": gettext_lazy("Conditions"),
    "position": gettext_lazy("Order"), "currency": gettext_lazy("Currency"),
}  # fmt: skip
LISTED = {"groups": "groups", "users": "users"}


class EntryDescriber:
    """Formats entries as text. Referenced rows are loaded for all of them, by one query per type."""

    def __init__(self, user: Any, entries: Iterable[AuditEntry]) -> None:
        self.user = user
        self.watched = audit.watched()
        self.entries = list(entries)
        self.names = self.read_names()

    def read_names(self) -> Names:
        """Load the names of the referenced rows. Those of deleted rows come from the log."""
        wanted: dict[type[Model], set[int]] = defaultdict(set)
        for entry in self.entries:
            for model, pk in self.pointers(entry):
                wanted[model].add(pk)
        names: Names = {}
        for model, ids in wanted.items():
            entity = registry.of(model)
            rows = access.display_names(self.user, entity, ids) if entity else row_names(model, ids)
            names |= {(model, pk): str(name) for pk, name in rows.items()}
            names |= {(model, pk): name for pk, name in lost(model, ids - set(rows)).items()}
        return names

    def pointers(self, entry: AuditEntry) -> Iterable[tuple[type[Model], int]]:
        """List the rows that an entry refers to, including its own if it's from a many-to-many table."""
        watched = self.watched.get(entry.entity)
        if watched is None:
            return
        for key, value in [*entry.subject.items(), *entry.old.items(), *entry.new.items()]:
            target = target_model(watched.model, key)
            for pk in value if isinstance(value, list) else [value]:
                if target is not None and isinstance(pk, int):
                    yield target, pk
        if entry.record_id and link_of(watched.model, entry.subject):
            yield watched.model, entry.record_id

    def title(self, entry: AuditEntry) -> str:
        """Return the row that an entry is about: its type and name."""
        watched = self.watched.get(entry.entity)
        if watched is None:
            return entry.text
        label = str(TYPES.get(watched.key) or watched.model._meta.verbose_name)
        if link_of(watched.model, entry.subject):
            names = [self.names.get((watched.model, entry.record_id or 0), f"#{entry.record_id}")]
        else:
            names = [self.text(watched.model, key, value, entry.subject) for key, value in entry.subject.items()]
        return f"{label}: {', '.join(filter(None, names))}" if any(names) else label

    def differences(self, entry: AuditEntry) -> list[tuple[str, str, str]]:
        """Return label, old value and new value of each change."""
        watched = self.watched.get(entry.entity)
        if watched is None:
            return []
        if link := link_of(watched.model, entry.subject):
            ((key, value),) = entry.subject.items()
            name = self.text(watched.model, key, value, {})
            return [(str(link.verbose_name), *((name, "") if entry.done == AuditEntry.Done.DELETED else ("", name)))]
        differences = []
        for key in dict.fromkeys([*entry.old, *entry.new]):
            if key in entry.subject and key not in entry.old:
                continue
            old, new = (self.text(watched.model, key, side.get(key), entry.subject) for side in (entry.old, entry.new))
            if watched.model is Setting and not (old and new):  # a setting without a row has its default
                old, new = old or usual(entry.subject), new or usual(entry.subject)
            differences.append((column_label(watched.model, key), old, new))
        return differences

    def text(self, model: type[Model], key: str, value: Any, subject: dict[str, Any]) -> str:
        """Return a value as text."""
        if value in (None, "", [], {}):
            return ""
        if model is Setting:
            return setting_text(key, value, subject)
        if (target := target_model(model, key)) is not None:
            ids = value if isinstance(value, list) else [value]
            return ", ".join(self.names.get((target, pk), f"#{pk}") for pk in ids)
        if key in ("entity", "field", "section"):
            return declared_text(key, value, subject)
        return column_text(model, key, value)


def row_names(model: type[Model], ids: set[int]) -> dict[int, str]:
    """Return the names of rows that aren't records."""
    return {row.pk: str(row) for row in model._default_manager.filter(pk__in=ids)}


def lost(model: type[Model], ids: set[int]) -> dict[int, str]:
    """Return the names of deleted rows from the log."""
    if not ids:
        return {}
    rows = AuditEntry.objects.filter(entity=model._meta.label_lower, record_id__in=ids).order_by("id")
    return {row.record_id or 0: str(row.subject["name"]) for row in rows if "name" in row.subject}


def target_model(model: type[Model], key: str) -> type[Model] | None:
    """Return the model that a column refers to: a list of ids or a column of a many-to-many table."""
    if key in LISTED:
        return registry.get(LISTED[key]).model
    if key == "roles":
        return Role
    columns = {column.column: column for column in model._meta.concrete_fields}
    if (column := columns.get(key)) is not None:
        return column.related_model if column.is_relation else None  # type: ignore[return-value]
    return next((link.related_model for link in model._meta.many_to_many if link.m2m_reverse_name() == key), None)


def link_of(model: type[Model], subject: dict[str, Any]) -> Any:
    """Return the field of the many-to-many table that an entry is from, or None."""
    if len(subject) != 1:
        return None
    known = {column.column for column in model._meta.concrete_fields}
    links = [link for link in model._meta.many_to_many if link.m2m_reverse_name() in subject]
    return links[0] if links and not known & set(subject) else None


def column_label(model: type[Model], key: str) -> str:
    """Return the label of a column."""
    name = key.removesuffix("_id")
    if name in COLUMNS:
        return str(COLUMNS[name])
    columns = {column.column: column for column in model._meta.concrete_fields}
    return str(columns[key].verbose_name) if key in columns else name.replace("_", " ")


def setting_text(key: str, value: Any, subject: dict[str, Any]) -> str:
    """Return a setting's label, or its value as on the settings page."""
    field = next((setting.field for setting in settings.declared() if setting.field.key == subject.get("key")), None)
    if field is None:
        return structured.words(value)
    return str(field.label) if key == "key" else display.format_value(field, value)


def usual(subject: dict[str, Any]) -> str:
    """Return a setting's default as text."""
    field = next((setting.field for setting in settings.declared() if setting.field.key == subject.get("key")), None)
    return display.format_value(field, field.default) if field else ""


def declared_text(key: str, value: str, subject: dict[str, Any]) -> str:
    """Return the label of a record type, or of its field or section."""
    entity = registry.find(value if key == "entity" else str(subject.get("entity", "")))
    if entity is None:
        return value
    if key == "entity":
        return entity.plural
    if key == "section":
        return section_title(entity, value)
    field = fields_of(entity).get(value)
    return str(field.label) if field else value


def column_text(model: type[Model], key: str, value: Any) -> str:
    """Return the value of a plain column as text."""
    column: Any = next((model_field for model_field in model._meta.concrete_fields if model_field.column == key), None)
    choices = dict(getattr(getattr(column, "base_field", column), "flatchoices", None) or ())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if choices and not isinstance(value, dict):
        return ", ".join(str(choices.get(item, item)) for item in (value if isinstance(value, list) else [value]))
    if column is not None and column.get_internal_type() == "DateTimeField" and (at := parse_datetime(str(value))):
        return str(moment(at))
    return structured.words(value)
