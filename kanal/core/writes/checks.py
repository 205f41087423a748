"""What the pen checks before it writes: may the field be written, does the value fit, do the values fit together."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kanal.core.access.fields import modes_for, readable_fields, writable_fields
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import Cleaning, Field, fields_of
from kanal.core.fields.choices import visible_ids
from kanal.core.fields.numbers import NoAmount
from kanal.core.models import FieldRule
from kanal.core.writes.context import in_context
from kanal.kit.errors import Invalid


def status_of(entity: Entity, record: Any) -> str | None:
    """Give the key of the record's status, if the type has one."""
    field = fields_of(entity).get(entity.listing.status)
    return field.get(record) if field and record is not None else None


def flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Unfold `custom: {…}` into keys such as `custom.budget`."""
    found = {key: value for key, value in values.items() if key != "custom"}
    custom = values.get("custom", {})
    if not isinstance(custom, Mapping):
        raise Invalid.on("custom", _("Custom fields are given as an object."))
    return {**found, **{f"custom.{key}": value for key, value in custom.items()}}


def writable(entity: Entity, status: str | None, by: Actor) -> dict[str, Field]:
    """Give the fields that the actor may write at a status; a trusted one also those that no form offers."""
    if by.is_trusted:
        fields = fields_of(entity)
        return {key: field.but(required=field.required and not field.read_only) for key, field in fields.items()}
    return writable_fields(by.user, entity, status)


def check(
    entity: Entity, values: Mapping[str, Any], *, by: Actor, record: Any = None, seen: Cleaning | None = None
) -> dict[str, Any]:
    """Clean what is given for a new record or for a change of one; raise Invalid with all that is wrong, per field."""
    seen = seen or Cleaning(user=by.user)
    status = status_of(entity, record) if not by.is_trusted else None
    fields = seen.once(("writable", entity.key, status, by.is_trusted), lambda: writable(entity, status, by))
    given = in_context(fields, flat(values), record, seen)
    errors: dict[str, list[str]] = defaultdict(list)
    cleaned: dict[str, Any] = {}
    for key, raw in given.items():
        if key not in fields:
            errors[key].append(refusal(entity, key, by))
            continue
        try:
            cleaned[key] = keep_or_clean(fields[key], raw, record, seen)
        except ValueError as problem:
            errors[key].append(str(problem))
    if record is None:
        add_missing(fields, given, cleaned, errors, seen)
    ask_for_new_status(entity, cleaned, record, errors, by)
    if errors:
        raise Invalid(errors)
    return cleaned


def ask_for_new_status(entity: Entity, cleaned: dict[str, Any], record: Any, errors: dict, by: Actor) -> None:
    """Ask for what the rules require at the status that the record is about to get (FORM-2); a verb asks itself."""
    status = cleaned.get(entity.listing.status)
    if by.is_trusted or not status or status == status_of(entity, record):
        return
    fields = readable_fields(by.user, entity)
    for key, mode in modes_for(by.user, entity, status).items():
        field = fields.get(key)
        if mode != FieldRule.Mode.REQUIRED or field is None or field.read_only or errors.get(key):
            continue
        value = cleaned[key] if key in cleaned else field.get(record) if record is not None else None
        if value in (None, "", []) and field.kind.family != "boolean":
            errors[key].append(_("%(field)s is required at this status.") % {"field": capitalized(field.label)})


def capitalized(label: Any) -> str:
    """Write a label as the beginning of a sentence."""
    return f"{str(label)[:1].upper()}{str(label)[1:]}"


def keep_or_clean(field: Field, raw: Any, record: Any, seen: Cleaning) -> Any:
    """Clean a value; what a relation holds already stays, though the editor may not see it."""
    current = field.get(record) if record is not None and field.kind.family in ("relation", "relations") else None
    if isinstance(raw, NoAmount) and not field.required:
        return raw
    if not current or raw in (None, ""):
        return field.clean(raw, seen)
    if field.kind.family == "relation":
        return current if str(getattr(raw, "pk", raw)) == str(current) else field.clean(raw, seen)
    unseen = set(current) - visible_ids(field, set(current), seen)
    given = raw if isinstance(raw, list | tuple) else [raw]
    ids = field.clean([one for one in given if str(getattr(one, "pk", one)) not in map(str, unseen)], seen)
    return current if {*ids, *unseen} == set(current) else [*ids, *sorted(unseen)]


def refusal(entity: Entity, key: str, by: Actor) -> str:
    """Say why a field can't be written: there is none, or it is read-only."""
    fields = fields_of(entity) if by.user is None else readable_fields(by.user, entity)
    return _("This field can't be changed.") if key in fields else _("There is no such field.")


def add_missing(fields: dict, given: dict, cleaned: dict, errors: dict, seen: Cleaning) -> None:
    """Fill in defaults for a new record, and ask for what is required."""
    for key, field in fields.items():
        if key in given:
            continue
        default = field.default() if callable(field.default) else field.default
        if default is not None and (field.is_custom or not field.read_only):
            cleaned[key] = field.kind.load(field, default) if field.is_custom else default
        elif field.required and field.kind.family != "boolean":
            errors[key].append(_("This field is required."))
