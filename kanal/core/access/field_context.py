"""The fields of a type or record that a user may read and write, and those that are required.

Every channel uses a `FieldContext`, created once per record or once per list (ACC-6, CF-2, FORM-2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from kanal.core.access.field_rules import CLOSED, hidden_statuses, limited_fields, masked, modes_at, sees
from kanal.core.access.queryset import has_permission
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.fields.choices import as_id
from kanal.core.models import FieldRule


@dataclass(frozen=True)
class FieldContext:
    """The user and the status, project and subtype of a record for which the fields of a type are resolved.

    None means unknown, as in a list of records of all statuses. An empty value means none. Without a `user` it is the
    system, from which nothing is hidden.
    """

    user: Any
    entity: Entity
    status: str | None = None
    project: int | None = None
    subtype: str | None = None

    @classmethod
    def of_record(
        cls, user: Any, entity: Entity, record: Any, values: Mapping[str, Any] | None = None
    ) -> "FieldContext":
        """Return the context of a stored record, with project and subtype from `values` if set there."""
        fields = fields_of(entity)

        def held(key: str) -> Any:
            return fields[key].get(record) if key in fields else None

        project, subtype = project_key(entity), entity.subtype
        given = values or {}
        return cls(
            user,
            entity,
            held(entity.listing.status) or "",
            id_in(given[project]) if project in given else held(project) or 0,
            key_in(given[subtype]) if subtype in given else held(subtype) or "",
        )

    @classmethod
    def of_new(cls, user: Any, entity: Entity, values: Mapping[str, Any]) -> "FieldContext":
        """Return the context of a new record with some values, raw or cleaned, and defaults for the rest."""
        status, subtype = entity.listing.status, entity.subtype
        return cls(
            user,
            entity,
            key_in(values.get(status)) or initial_key(entity, status),
            id_in(values.get(project_key(entity))),
            key_in(values[subtype]) if subtype in values else initial_key(entity, subtype),
        )

    def at(self, status: str) -> "FieldContext":
        """Return the context of the same record at another status."""
        return replace(self, status=status)

    def undecided(self) -> "FieldContext":
        """Return the context of a form, where users with write access can choose project and subtype."""
        project = None if project_key(self.entity) in self.writable else self.project
        return replace(self, project=project, subtype=None if self.entity.subtype in self.writable else self.subtype)

    @cached_property
    def readable(self) -> dict[str, Field]:
        """Return the fields that the user may read, by key. Others are absent everywhere.

        The title of a record is visible to everyone who sees the record, so it can't be limited. A field hidden at some
        statuses has a mask. A field that applies to some records declares which: it is empty on others.
        """
        user, entity = self.user, self.entity
        limits, hidden = limited_fields(entity.key), hidden_statuses(user, entity)
        fields = fields_of(entity)
        if any(field.is_secret for field in fields.values()) and user is not None:
            may_edit = has_permission(user, entity, "edit")
            fields = {key: field for key, field in fields.items() if may_edit or not field.is_secret}
        if not limits and not hidden:
            return fields
        always = ("id", entity.title)
        visible = [field for key, field in fields.items() if key in always or sees(user, limits.get(key))]
        readable = {
            field.key: field for candidate in visible if (field := masked(entity, candidate, hidden)) is not None
        }
        derived = {key for key, sources in entity.tells_of.items() if not set(sources) <= readable.keys()}
        return {key: field for key, field in readable.items() if key not in derived}

    @cached_property
    def askable(self) -> dict[str, Field]:
        """Return the fields to filter, sort, group and sum by: those not hidden from the user on any record."""
        return {key: field for key, field in self.readable.items() if field.mask is None}

    @cached_property
    def writable(self) -> dict[str, Field]:
        """Return the applicable fields that the user may write, marked as required or not."""
        writable: dict[str, Field] = {}
        for key, field in self.readable.items():
            mode, applies = self.modes.get(key), self.applies(field)
            if field.read_only or mode in CLOSED or applies is False:
                continue
            if mode == FieldRule.Mode.REQUIRED:
                field = field.but(required=True)
            writable[key] = field.but(required=False) if field.required and applies is None else field
        return writable

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Return the keys of the fields that the rules require at the status, except those the user can't see."""
        wanted = [key for key, mode in self.modes.items() if mode == FieldRule.Mode.REQUIRED]
        return tuple(key for key in wanted if key in self.readable and self.applies(self.readable[key]))

    @cached_property
    def closed(self) -> frozenset[str]:
        """Return the keys of the fields that are hidden from the user or read-only at the status."""
        fields = fields_of(self.entity)
        return frozenset(key for key in fields if key not in self.readable or self.modes.get(key) in CLOSED)

    @cached_property
    def modes(self) -> dict[str, str]:
        """Return the mode that the rules set for each field at the status."""
        return modes_at(self.user, self.entity, self.status)

    def applies(self, field: Field) -> bool | None:
        """Return whether a field applies here (CF-2), or None if that depends on unknown values."""
        if field.applies is None:
            return True
        entity = self.entity
        known = {project_key(entity): self.project, entity.subtype: self.subtype, entity.listing.status: self.status}
        return field.applies.holds_for(known)


def project_key(entity: Entity) -> str:
    """Return the key of the field with a record's project, or an empty text."""
    return entity.scope.project.removesuffix("_id")


def initial_key(entity: Entity, name: str) -> str:
    """Return the default key of a choice on a new record, or an empty text."""
    field = fields_of(entity).get(name)
    if field is None:
        return ""
    if not field.has_rows:
        default = field.default() if callable(field.default) else field.default
        return str(default) if default else ""
    row = field.table.default(field.group)
    return row.key if row else ""


def key_in(raw: Any) -> str:
    """Return the key of an option given by key or as a row."""
    return str(getattr(raw, "key", raw) or "")


def id_in(raw: Any) -> int:
    """Return the id of a record given by id or as an object. Return 0 for none and for values that aren't ids."""
    try:
        return as_id(raw)
    except ValueError:
        return 0
