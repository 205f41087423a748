"""The operations on one record of any resource: get, create, patch, delete, history, actions (API-1)."""

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.api import etags, serializers
from kanal.api.authentication import actor
from kanal.api.bodies import read_object
from kanal.api.empties import refuse_empty_texts, refuse_empty_texts_of
from kanal.api.labels import Labels
from kanal.core import access, history, registry, verbs, writes
from kanal.core.action import Action
from kanal.core.entity import Entity
from kanal.core.fields import FIELD_TYPES, CleanContext, Field
from kanal.core.history.reading import Entry
from kanal.core.visits import NEVER, last_look
from kanal.kit.errors import Invalid, NotFound
from kanal.kit.reading.ids import id_of


def dump_json(data: Any) -> bytes:
    """Return JSON, from the slower encoder if external data contains numbers of more than 64 bits."""
    try:
        return orjson.dumps(data)
    except TypeError:
        return json.dumps(data, ensure_ascii=False, default=dt.datetime.isoformat).encode()


def json_response(data: Any, status: int = 200, **headers: str) -> HttpResponse:
    """Return a JSON response."""
    return HttpResponse(dump_json(data), content_type="application/json", status=status, headers=headers)


def record_answer(by: Any, entity: Entity, pk: int, status: int = 200) -> HttpResponse:
    """Return a response with a stored record and its ETag, or only its id if the actor may not see it."""
    record = serializers.read_record(by.user, entity, pk)
    if record is None:
        return json_response({"id": pk}, status)
    data = serializers.from_record(record, access.FieldContext(by.user, entity).readable)
    return json_response(data, status, ETag=f'"{record.revision}"', Location=f"/api/v1/{entity.key}/{pk}")


def get(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Return one record, or 304 if the caller already has it by If-None-Match."""
    by = actor(request, entity.key)
    record = serializers.read_record(by.user, entity, pk)
    if record is None:
        raise NotFound
    fields = serializers.chosen_fields(by.user, entity, request.GET.get("fields", ""))
    included = request.GET.get("include", "")
    read = serializers.included_fields(by.user, entity, fields, included)
    data = serializers.from_record(record, read)
    serializers.include(by.user, entity, [data], included)
    serializers.drop_unasked([data], fields, read)
    tag = etags.tag_of(record, dump_json(data.get("included")) if included else b"")
    return etags.unchanged(tag) if etags.is_known(request, tag) else json_response(data, ETag=tag)


def create_record(request: HttpRequest, entity: Entity) -> HttpResponse:
    """Create a record."""
    by = actor(request, entity.key)
    access.require(by.user, entity, "add")
    data = read_object(request)
    refuse_empty_texts_of(entity, data)
    return record_answer(by, entity, writes.create(entity, data, by=by).pk, 201)


def patch(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Change some fields of a record. If-Match protects changes by others."""
    by = actor(request, entity.key)
    data = read_object(request)  # before locking the record: nobody waits for a slow sender
    with transaction.atomic():
        record = access.get_for(by.user, entity, pk, "edit", lock=True)
        revision = etags.expected(request, entity, record, by)
        refuse_empty_texts_of(entity, data)
        writes.change(record, data, by=by, expected=revision, held=True)
    return record_answer(by, entity, pk)


@transaction.atomic
def delete_record(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Delete a record, if it matches If-Match."""
    by = actor(request, entity.key)
    record = access.get_for(by.user, entity, pk, "delete", lock=True)
    etags.expected(request, entity, record, by)
    writes.delete(record, by=by)
    return HttpResponse(status=204)


def get_history(request: HttpRequest, entity: Entity, pk: int) -> HttpResponse:
    """Return a record's history, newest first. `before`, the id of an entry, continues after it.

    `news=true` leaves what others changed since the user last looked at the record.
    """
    by = actor(request, entity.key)
    access.get_for(by.user, entity, pk)
    before = request.GET.get("before", "")
    if before and id_of(before) is None:
        raise Invalid.on("before", _("Enter a whole number."))
    entries = history.entries_of(by.user, entity, pk, before=int(before) if before else None)
    if request.GET.get("news") == "true":
        since = last_look(by.user, entity, pk) or timezone.now() - NEVER
        entries = [entry for entry in entries if entry.actor_id != by.user.pk and entry.at > since]
    labels = Labels(by.user, [difference for entry in entries for difference in entry.differences])
    return json_response({"items": [serialize_entry(entry, labels) for entry in entries]})


def serialize_entry(entry: Entry, labels: Labels) -> dict[str, Any]:
    """Return one history entry as JSON: choices by key, records by id, both with labels."""
    return {
        "id": entry.id,
        "at": entry.at,
        "kind": {"c": "created", "u": "changed", "d": "deleted"}[entry.kind],
        "by": {"id": entry.actor_id, "name": entry.actor} if entry.actor else None,
        "means": entry.means,
        "verb": entry.verb,
        "chain": list(entry.chain),
        "changes": [labels.change(difference) for difference in entry.differences],
    }


def run_action(request: HttpRequest, entity: Entity, pk: int, action: Action) -> HttpResponse:
    """Run an action on a record. The body contains its input."""
    by = actor(request, entity.key)
    data = read_object(request)
    with transaction.atomic():
        record = access.get_for(by.user, entity, pk, action.needs, lock=True)
        verbs.require_possible(by.user, action, record)
        asked = verbs.inputs_of(by.user, entity, action, record)
        values = inputs(action, asked, in_currency_of(record, asked, data), access.clean_context(by.user))
        assert action.run is not None
        by = by.within_action(action.verb)  # permitted: by `get_for` above
        result = action.run(record, values, by=by)
    if isinstance(result, dict):
        return json_response(result)
    record = result if result is not None else record
    if record.pk is None:
        return HttpResponse(status=204)
    response = record_answer(by, registry.of(record) or entity, record.pk)
    # Without a tag it was deleted, reassigned, or is of a type hidden from the caller.
    return response if "ETag" in response else HttpResponse(status=204)


def in_currency_of(record: Any, asked: Iterable[Field], data: dict[str, Any]) -> dict[str, Any]:
    """Return an action's input, with plain amounts in the record's currency."""
    money = {field.key: getattr(record, field.currency, "") for field in asked if field.currency and field.key in data}
    return {
        key: {"amount": raw, "currency": money[key]} if money.get(key) and isinstance(raw, str | int | float) else raw
        for key, raw in data.items()
    }


def inputs(action: Action, asked: Iterable[Field], data: dict[str, Any], context: CleanContext) -> dict[str, Any]:
    """Clean an action's input. An action with its own page receives the body unchanged."""
    if action.button.page and not action.dialog.inputs:
        return data
    fields = {field.key: field for field in asked}
    if action.dialog.pick:
        name = action.dialog.pick_as
        fields[name] = Field(name, name, FIELD_TYPES["relation"], required=True, target=action.dialog.pick)
    errors = {key: [_("There is no such field.")] for key in data if key not in fields}
    refuse_empty_texts(fields, data)
    values: dict[str, Any] = {}
    for key, field in fields.items():
        try:
            values[key] = field.clean(data.get(key), context)
        except ValueError as wrong:
            errors[key] = [str(wrong)]
    if errors:
        raise Invalid(errors)
    return values
