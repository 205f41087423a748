"""Many records by one request: made (POST) or changed (PATCH), all or none, or each by itself (API-2)."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kanal.api.bodies import read_object
from kanal.api.resources import answer
from kanal.api.signing import actor
from kanal.core import access, writes
from kanal.core.entity import Entity
from kanal.core.fields import Cleaning
from kanal.core.query import QueryError
from kanal.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refused

MOST_IN_BULK = 1000
WORTH = 10
STATUS: dict[type[Exception], int] = {Refused: 409, NotAllowed: 403, NotFound: 404, Conflict: 412, QueryError: 422}


def bulk(request: HttpRequest, entity: Entity) -> HttpResponse:
    """Make (POST) or change (PATCH) up to 1,000 records, all or none, or each by itself."""
    by = actor(request, entity.key)
    data = read_object(request)
    if unknown := sorted(set(data) - {"items", "mode"}):
        raise Invalid.on(unknown[0][:80], _("There is no such field."))
    items, mode = data.get("items"), data.get("mode", "all")
    if mode not in ("all", "each"):
        raise Invalid.on("mode", _("Choose “all” or “each”."))
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Invalid.on("items", _("Send a list of objects."))
    if len(items) > MOST_IN_BULK:
        raise Invalid.on("items", _("At most %(limit)s records are possible.") % {"limit": MOST_IN_BULK})
    if request.method == "PATCH" and (done := change_alike(entity, items, by)):
        return answer({"items": done})
    step = create_one if request.method == "POST" else change_one
    results, errors = each(entity, items, by, step, keep=mode == "each")
    if errors and mode == "all":
        raise Invalid(errors)
    return answer({"items": results})


def change_alike(entity: Entity, items: list[dict], by: Any) -> list[dict]:
    """Change records that all get the same values by few statements; nothing where that is not so, or one refuses."""
    ids = [item.get("id") for item in items]
    values = {key: value for key, value in items[0].items() if key != "id"} if items else {}
    is_alike = all({key: value for key, value in item.items() if key != "id"} == values for item in items)
    if len(items) < WORTH or not is_alike or "revision" in values or len(set(map(repr, ids))) < len(ids):
        return []
    if not all(is_id(pk) for pk in ids):
        return []
    records = access.visible_to(by.user, entity).filter(pk__in=ids)
    with transaction.atomic():
        outcome = writes.change_many(records, values, by=by)
        if outcome.refused or outcome.done < len(ids):
            transaction.set_rollback(True)
            return []
    return [{"id": pk, "status": 200} for pk in ids]


def is_id(pk: Any) -> bool:
    """Tell whether a value can be an id."""
    return isinstance(pk, int) and not isinstance(pk, bool) and 0 < pk < 2**63


def each(entity: Entity, items: list[dict], by: Any, step: Callable, *, keep: bool) -> tuple[list[dict], dict]:
    """Do a step for each item within one transaction; what failed is undone by itself, or (not `keep`) all of it."""
    results: list[dict] = []
    errors: dict[str, list] = {}
    seen = Cleaning(user=by.user)
    with transaction.atomic():
        for place, item in enumerate(items):
            try:
                with transaction.atomic():
                    record = step(entity, item, by, seen)
                results.append({"id": record.pk, "status": 201 if step is create_one else 200})
            except Invalid as wrong:
                errors |= {f"{place}.{key}": messages for key, messages in wrong.errors.items()}
                results.append({"id": item.get("id"), "status": 422, "errors": named(wrong)})
            except tuple(STATUS) as refusal:
                errors[f"{place}."] = [str(refusal)]
                results.append({"id": item.get("id"), "status": STATUS[type(refusal)], "errors": [whole(refusal)]})
        if errors and not keep:
            transaction.set_rollback(True)
    return results, errors


def named(wrong: Invalid) -> list[dict[str, str]]:
    """List the errors of one item."""
    return [{"field": key, "message": str(text)} for key, texts in wrong.errors.items() for text in texts]


def whole(refusal: Exception) -> dict[str, Any]:
    """Give a refusal of an item as such; what others changed meanwhile is named."""
    found: dict[str, Any] = {"field": "", "message": str(refusal)}
    return found | {"changes": refusal.changes} if isinstance(refusal, Conflict) else found


def create_one(entity: Entity, item: dict, by: Any, seen: Cleaning) -> Any:
    """Make one record of a bulk."""
    return writes.create(entity, item, by=by, seen=seen)


def change_one(entity: Entity, item: dict, by: Any, seen: Cleaning) -> Any:
    """Change one record of a bulk."""
    pk: Any = item.get("id")
    if not is_id(pk):
        raise NotFound
    revision = item.get("revision")
    if revision is not None and (not isinstance(revision, int) or isinstance(revision, bool)):
        raise Invalid.on("revision", _("Enter a whole number."))
    record = access.get_for(by.user, entity, pk, "edit")
    values = {key: value for key, value in item.items() if key not in ("id", "revision")}
    return writes.change(record, values, by=by, expected=revision, seen=seen)
