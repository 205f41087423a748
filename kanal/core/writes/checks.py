"""The checks before a write: may the field be written, is the value valid, do the values fit together."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kanal.core.access.choosing import clean_context
from kanal.core.access.fields import readable_fields, writable_fields
from kanal.core.access.permissions import permissions_of
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import CleanContext, Field, fields_of
from kanal.core.fields.choices import held_by, require_in_use, visible_ids
from kanal.core.fields.numbers import NoAmount
from kanal.core.writes.context import in_context
from kanal.core.writes.required import is_missing, message_for, required_at
from kanal.kit.errors import Invalid

NOTHING = (None, "", [], False)


def status_of(entity: Entity, record: Any) -> str | None:
    """Return the key of the record's status, if the type has one."""
    field = fields_of(entity).get(entity.listing.status)
    return field.get(record) if field and record is not None else None


def begins_at(entity: Entity, values: Mapping[str, Any]) -> str | None:
    """Return the key of the status that a new record is given, else of the one that new records have."""
    field = fields_of(entity).get(entity.listing.status)
    if field is None:
        return None
    if given := values.get(field.key):
        return str(getattr(given, "key", given))
    if not field.has_rows:
        default = field.default() if callable(field.default) else field.default
        return str(default) if default else None
    row = field.table.default(field.group)
    return row.key if row else None


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Unfold `custom: {…}` into keys such as `custom.budget`."""
    native = {key: value for key, value in values.items() if key != "custom"}
    custom = values.get("custom", {})
    if not isinstance(custom, Mapping):
        raise Invalid.on("custom", _("Custom fields must be an object."))
    return {**native, **{f"custom.{key}": value for key, value in custom.items()}}


def writable(entity: Entity, status: str | None, by: Actor) -> dict[str, Field]:
    """Return the fields that the actor may write at a status; a trusted one also those that no form offers."""
    if by.skips_permission_checks:
        fields = fields_of(entity)
        return {key: field.but(required=field.required and not field.read_only) for key, field in fields.items()}
    return writable_fields(by.user, entity, status)


def check(
    entity: Entity, values: Mapping[str, Any], *, by: Actor, record: Any = None, context: CleanContext | None = None
) -> dict[str, Any]:
    """Clean what is given for a new record or for a change of one; raise Invalid with all that is wrong, per field."""
    context = context or clean_context(by.user)
    status = (
        None
        if by.skips_permission_checks
        else status_of(entity, record)
        if record is not None
        else begins_at(entity, values)
    )
    fields = context.once(
        ("writable", entity.key, status, by.skips_permission_checks), lambda: writable(entity, status, by)
    )
    given = in_context(entity, fields, flat(values), record, context)
    errors: dict[str, list[str]] = defaultdict(list)
    cleaned: dict[str, Any] = {}
    for key, raw in given.items():
        if key not in fields:
            if record is None and raw in NOTHING and key in fields_of(entity):
                continue  # a form sends what it shows, though at the status chosen in it nothing may be given there
            errors[key].append(refusal(entity, key, by))
            continue
        try:
            cleaned[key] = keep_or_clean(fields[key], raw, record, context)
            if not by.skips_permission_checks:
                require_in_use(fields[key], record, cleaned[key], context)
        except ValueError as problem:
            errors[key].append(str(problem))
    if record is None:
        add_missing(entity, fields, given, cleaned, errors)
        require_project(entity, cleaned, errors, by)
    ask_for_new_status(entity, cleaned, record, errors, by)
    if errors:
        raise Invalid(errors)
    return cleaned


def projects_to_add_to(entity: Entity, by: Actor) -> frozenset[int]:
    """Return the projects to one of which a new record has to be added; none where its author is not bound (ACC-3a)."""
    if by.skips_permission_checks or not entity.scope.projects:
        return frozenset()
    return permissions_of(by.user).projects_for(entity.key, "add") or frozenset()


def require_project(entity: Entity, cleaned: dict[str, Any], errors: dict, by: Actor) -> None:
    """Ask for a project where the author may add records in some projects alone, and would not see them elsewhere."""
    allowed, key = projects_to_add_to(entity, by), entity.scope.projects
    if allowed and not errors.get(key) and not allowed & set(cleaned.get(key) or ()):
        errors[key].append(_("Choose at least one project in which you may add records."))


def ask_for_new_status(entity: Entity, cleaned: dict[str, Any], record: Any, errors: dict, by: Actor) -> None:
    """Name what the rules require at the status that the record is about to get, beside all else that is wrong."""
    status = cleaned.get(entity.listing.status)
    if by.skips_permission_checks or not status or status == status_of(entity, record):
        return
    for field in required_at(by.user, entity, status):
        if errors.get(field.key):
            continue
        value = field.get(record) if record is not None and field.key not in cleaned else cleaned.get(field.key)
        if is_missing(field, value):
            errors[field.key].append(message_for(field))


def keep_or_clean(field: Field, raw: Any, record: Any, context: CleanContext) -> Any:
    """Clean a value; what a relation holds already stays, though the editor may not see it."""
    current = held_by(record, field)
    if isinstance(raw, NoAmount) and not field.required:
        return raw
    if not current or raw in (None, ""):
        return field.clean(raw, context)
    if field.type.category == "relation":
        return current if str(getattr(raw, "pk", raw)) == str(current) else field.clean(raw, context)
    unseen = set(current) - visible_ids(field, set(current), context)
    given = raw if isinstance(raw, list | tuple) else [raw]
    ids = field.clean([item for item in given if str(getattr(item, "pk", item)) not in map(str, unseen)], context)
    return current if {*ids, *unseen} == set(current) else [*ids, *sorted(unseen)]


def refusal(entity: Entity, key: str, by: Actor) -> str:
    """Return why a field can't be written: there is none, or it is read-only."""
    fields = fields_of(entity) if by.user is None else readable_fields(by.user, entity)
    return _("This field can't be changed.") if key in fields else _("There is no such field.")


def add_missing(entity: Entity, fields: dict, given: dict, cleaned: dict, errors: dict) -> None:
    """Fill in defaults for a new record, of fields that the actor may not write too, and ask for what is required."""
    for key, field in {**fields_of(entity), **fields}.items():
        if key in given:
            continue
        default = field.default() if callable(field.default) else field.default
        is_asked_for = field.required and key in fields and field.type.category != "boolean"
        if is_asked_for and default in (None, "", []):
            errors[key].append(_("This field is required."))
        elif default is not None and (field.is_custom or not field.read_only):
            cleaned[key] = field.type.load(field, default) if field.is_custom else default
