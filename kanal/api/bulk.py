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
    step = create_one if request.method == "POST" else change_one
    results, errors = each(entity, items, by, step, keep=mode == "each")
    if errors and mode == "all":
        raise Invalid(errors)
    return answer({"items": results})


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
    pk = item.get("id")
    if not isinstance(pk, int) or isinstance(pk, bool) or not 0 < pk < 2**63:
        raise NotFound
    revision = item.get("revision")
    if revision is not None and (not isinstance(revision, int) or isinstance(revision, bool)):
        raise Invalid.on("revision", _("Enter a whole number."))
    record = access.get_for(by.user, entity, pk, "edit")
    values = {key: value for key, value in item.items() if key not in ("id", "revision")}
    return writes.change(record, values, by=by, expected=revision, seen=seen)
