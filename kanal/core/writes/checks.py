"""The checks before a write: whether fields may be written, and values are valid and consistent."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kanal.core.access.choosing import clean_context
from kanal.core.access.field_context import FieldContext
from kanal.core.access.permissions import permissions_of
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import CleanContext, Field, fields_of
from kanal.core.fields.choices import held_by, read_held, require_in_use, visible_ids
from kanal.core.fields.numbers import NoAmount
from kanal.core.writes.context import in_context
from kanal.core.writes.required import is_missing, message_for, required_fields
from kanal.kit.errors import Invalid

NOTHING = (None, "", [], False)


def unfold_custom(values: Mapping[str, Any]) -> dict[str, Any]:
    """Unfold `custom: {…}` into keys such as `custom.budget`."""
    native = {key: value for key, value in values.items() if key != "custom"}
    custom = values.get("custom", {})
    if not isinstance(custom, Mapping):
        raise Invalid.on("custom", _("Custom fields must be an object."))
    return {**native, **{f"custom.{key}": value for key, value in custom.items()}}


def context_of(entity: Entity, values: Mapping[str, Any], record: Any, by: Actor) -> FieldContext:
    """Return the context of a record at its current status, with the given project and subtype."""
    user = None if by.skips_permission_checks else by.user
    if record is None:
        return FieldContext.of_new(user, entity, values)
    return FieldContext.of_record(user, entity, record, values)


def writable(allowed: FieldContext, by: Actor) -> dict[str, Field]:
    """Return the fields that the actor may write. A trusted one may also write those that aren't on any form."""
    if not by.skips_permission_checks:
        return allowed.writable
    fields = {key: field for key, field in fields_of(allowed.entity).items() if allowed.applies(field)}
    return {key: field.but(required=field.required and not field.read_only) for key, field in fields.items()}


def clean_values(
    entity: Entity, values: Mapping[str, Any], *, by: Actor, record: Any = None, context: CleanContext | None = None
) -> dict[str, Any]:
    """Clean the values for a new record or a change. Raise Invalid with all errors per field."""
    context = context or clean_context(by.user)
    unfolded = unfold_custom(values)
    allowed = context_of(entity, unfolded, record, by)
    allowed = context.once(("fields", allowed), lambda: allowed)  # many records share one, with its cached properties
    fields = context.once(("writable", allowed, by.skips_permission_checks), lambda: writable(allowed, by))
    given = in_context(entity, fields, without_inapplicable(allowed, unfolded, record, context), record, context)
    read_held([record] if record is not None else [], (fields[key] for key in given if key in fields), context)
    errors: dict[str, list[str]] = defaultdict(list)
    cleaned: dict[str, Any] = {}
    for key, raw in given.items():
        if key not in fields:
            if record is None and raw in NOTHING and key in fields_of(entity):
                continue  # a form sends all displayed fields, even those that can't be set at the status chosen in it
            errors[key].append(refusal(allowed, key))
            continue
        try:
            cleaned[key] = keep_or_clean(fields[key], raw, record, context)
            if not by.skips_permission_checks:
                require_in_use(fields[key], record, cleaned[key], context)
        except ValueError as problem:
            errors[key].append(str(problem))
    if record is None:
        add_missing(allowed, fields, given, cleaned, errors)
        require_project(entity, cleaned, errors, by)
    ask_for_new_status(allowed, cleaned, record, errors, by)
    if errors:
        raise Invalid(errors)
    return cleaned


def projects_to_add_to(entity: Entity, by: Actor) -> frozenset[int]:
    """Return the projects of which a new record must have one, or none if the author isn't restricted (ACC-3a)."""
    if by.skips_permission_checks or not entity.scope.projects:
        return frozenset()
    return permissions_of(by.user).projects_for(entity.key, "add") or frozenset()


def require_project(entity: Entity, cleaned: dict[str, Any], errors: dict, by: Actor) -> None:
    """Require a project if the author may only add records in some, and wouldn't see them elsewhere."""
    allowed, key = projects_to_add_to(entity, by), entity.scope.projects
    if allowed and not errors.get(key) and not allowed & set(cleaned.get(key) or ()):
        errors[key].append(_("Choose at least one project in which you may add records."))


def ask_for_new_status(allowed: FieldContext, cleaned: dict[str, Any], record: Any, errors: dict, by: Actor) -> None:
    """Add errors for fields required at the record's new status to the other errors."""
    status = cleaned.get(allowed.entity.listing.status)
    if by.skips_permission_checks or not status or (record is not None and status == allowed.status):
        return
    for field in required_fields(allowed.at(status)):
        if errors.get(field.key):
            continue
        value = field.get(record) if record is not None and field.key not in cleaned else cleaned.get(field.key)
        if is_missing(field, value):
            errors[field.key].append(message_for(field))


def keep_or_clean(field: Field, raw: Any, record: Any, context: CleanContext) -> Any:
    """Clean a value. The current value of a relation is accepted even if hidden from the editor."""
    current = held_by(record, field, context)
    if isinstance(raw, NoAmount) and not field.required:
        return raw
    if not current or raw in (None, ""):
        return field.clean(raw, context)
    if field.type.category == "relation":
        return current if str(getattr(raw, "pk", raw)) == str(current) else field.clean(raw, context)
    given = raw if isinstance(raw, list | tuple) else [raw]
    if {str(getattr(item, "pk", item)) for item in given} == {str(pk) for pk in current}:
        return current
    unseen = set(current) - visible_ids(field, set(current), context)
    ids = field.clean([item for item in given if str(getattr(item, "pk", item)) not in map(str, unseen)], context)
    return current if {*ids, *unseen} == set(current) else [*ids, *sorted(unseen)]


def changed_keys(entity: Entity, record: Any, cleaned: Mapping[str, Any], context: CleanContext) -> set[str]:
    """Return the keys of the cleaned values that differ from the record's."""
    fields = fields_of(entity)

    def is_held(field: Field, value: Any) -> bool:
        if field.links is not None:
            return bool(held_by(record, field, context) == value)
        return field.type.holds(field, record, value)

    return {key for key, value in cleaned.items() if not is_held(fields[key], value)}


def refusal(allowed: FieldContext, key: str) -> str:
    """Return why a field can't be written: it doesn't exist, doesn't apply to the record, or is read-only."""
    field = allowed.readable.get(key)
    if field is None:
        return _("There is no such field.")
    return _("This field can't be changed.") if allowed.applies(field) else _("This field doesn't apply here.")


def without_inapplicable(
    allowed: FieldContext, given: Mapping[str, Any], record: Any, context: CleanContext
) -> dict[str, Any]:
    """Omit unchanged and copied values of fields that don't apply, as forms and copies send all fields."""
    fields, carried = allowed.readable, context.cache.get("carried", {})

    def says_nothing(key: str, raw: Any) -> bool:
        if key not in fields or allowed.applies(fields[key]):
            return False
        if raw in NOTHING or (key in carried and carried[key] == raw):
            return True
        return record is not None and is_stored(fields[key], raw, record, context)

    return {key: raw for key, raw in given.items() if not says_nothing(key, raw)}


def is_stored(field: Field, raw: Any, record: Any, context: CleanContext) -> bool:
    """Return whether a record has a value of a custom field, even if the field doesn't apply to it."""
    plain = field.but(applies=None, required=False)
    try:
        return bool(plain.clean(raw, context) == plain.get(record))
    except ValueError:
        return False


def add_missing(allowed: FieldContext, fields: dict, given: dict, cleaned: dict, errors: dict) -> None:
    """Set defaults for a new record, including fields that the actor may not write, and check for required ones."""
    for key, field in {**fields_of(allowed.entity), **fields}.items():
        if key in given or not allowed.applies(field):
            continue
        default = field.default() if callable(field.default) else field.default
        is_asked_for = field.required and key in fields and field.type.category != "boolean"
        if is_asked_for and default in (None, "", []):
            errors[key].append(_("This field is required."))
        elif default is not None and (field.is_custom or not field.read_only):
            cleaned[key] = field.type.load(field, default) if field.is_custom else default
