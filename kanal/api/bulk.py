"""Many records in one request: created (POST) or changed (PATCH), all or none, or individually (API-2)."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kanal.api.authentication import actor
from kanal.api.bodies import read_object
from kanal.api.empties import refuse_empty_texts_of
from kanal.api.problems import needed
from kanal.api.resources import json_response
from kanal.core import access, writes
from kanal.core.entity import Entity
from kanal.core.writes import BulkResult
from kanal.kit.errors import ActionNeeded, Conflict, Invalid, KanalError, NotAllowed, NotFound, Refused

MOST_IN_BULK = 1000
STATUS: dict[type[Exception], int] = {Refused: 409, NotAllowed: 403, NotFound: 404, Conflict: 412}


def bulk(request: HttpRequest, entity: Entity) -> HttpResponse:
    """Create (POST) or change (PATCH) up to 1,000 records, all or none, or individually."""
    by = actor(request, entity.key)
    data = read_object(request, many=True)
    if unknown := sorted(set(data) - {"items", "mode"}):
        raise Invalid.on(unknown[0][:80], _("There is no such field."))
    items, mode = data.get("items"), data.get("mode", "all")
    if mode not in ("all", "each"):
        raise Invalid.on("mode", _("Choose “all” or “each”."))
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Invalid.on("items", _("Send a list of objects."))
    if len(items) > MOST_IN_BULK:
        raise Invalid.on("items", _("At most %(limit)s records are allowed.") % {"limit": MOST_IN_BULK})
    if request.method == "POST" and mode == "all":
        access.require(by.user, entity, "add")
    step = create_all if request.method == "POST" else change_all
    with transaction.atomic():
        outcome = step(entity, items, by)
        if outcome.problems and mode == "all":
            raise outcome.by_place()
    return json_response({"items": [result_of(place, item, outcome) for place, item in enumerate(items)]})


def create_all(entity: Entity, items: list[dict], by: Any) -> BulkResult:
    """Create a record from each item."""
    outcome, places = BulkResult(), []
    for place, item in enumerate(items):
        try:
            refuse_empty_texts_of(entity, item)
        except Invalid as problem:
            outcome.refuse(place, problem)
            continue
        places.append(place)
    try:
        made = writes.create_many(entity, [items[place] for place in places], by=by, strict=False)
    except NotAllowed as refusal:
        outcome.problems |= dict.fromkeys(range(len(items)), refusal)
        return outcome
    outcome.problems |= {places[number]: problem for number, problem in made.problems.items()}
    outcome.made |= {places[number]: record for number, record in made.made.items()}
    return outcome


def change_all(entity: Entity, items: list[dict], by: Any) -> BulkResult:
    """Change the record of each item. Repeated items of a record are applied one after the other."""
    outcome = BulkResult()
    rounds: list[dict[int, int]] = []
    for place, item in enumerate(items):
        try:
            pk = id_of(item)
            refuse_empty_texts_of(entity, item)
        except KanalError as problem:
            outcome.refuse(place, problem)
            continue
        if not rounds or pk in rounds[-1]:
            rounds.append({})
        rounds[-1][pk] = place
    for places in rounds:
        wanted = {pk: item_values(items[place]) for pk, place in places.items()}
        expected = {pk: items[place]["revision"] for pk, place in places.items() if is_given(items[place])}
        result = writes.change_each(entity, wanted, by=by, expected=expected)
        outcome.problems |= {places[pk]: problem for pk, problem in result.problems.items()}
    return outcome


def id_of(item: dict) -> int:
    """Return the record id of an item. Raise NotFound, or Invalid for an invalid revision."""
    pk: Any = item.get("id")
    if not is_id(pk):
        raise NotFound
    if is_given(item) and (not isinstance(item["revision"], int) or isinstance(item["revision"], bool)):
        raise Invalid.on("revision", _("Enter a whole number."))
    return int(pk)


def is_given(item: dict) -> bool:
    """Return whether an item specifies the revision that its editor saw."""
    return item.get("revision") is not None


def item_values(item: dict) -> dict[str, Any]:
    """Return the changes of an item."""
    return {key: value for key, value in item.items() if key not in ("id", "revision")}


def is_id(pk: Any) -> bool:
    """Return whether a value is a possible id."""
    return isinstance(pk, int) and not isinstance(pk, bool) and 0 < pk < 2**63


def result_of(place: int, item: dict, outcome: BulkResult) -> dict[str, Any]:
    """Return the result of one item."""
    problem = outcome.problems.get(place)
    if problem is None:
        made = outcome.made.get(place)
        return {"id": made.pk, "status": 201} if made else {"id": item["id"], "status": 200}
    if isinstance(problem, Invalid):
        return {"id": item.get("id"), "status": 422, "errors": errors_of(problem)}
    status = next((number for kind, number in STATUS.items() if isinstance(problem, kind)), 422)
    return {"id": item.get("id"), "status": status, "errors": [refusal_of(problem)]}


def errors_of(wrong: Invalid) -> list[dict[str, str]]:
    """Return the errors of one item."""
    return [{"field": key, "message": str(text)} for key, texts in wrong.errors.items() for text in texts]


def refusal_of(refusal: Exception) -> dict[str, Any]:
    """Return the error of a rejected item, including concurrent changes by others."""
    error: dict[str, Any] = {"field": "", "message": str(refusal)}
    if isinstance(refusal, ActionNeeded):
        return error | {"action": needed(refusal)}
    return error | {"changes": refusal.changes} if isinstance(refusal, Conflict) else error
