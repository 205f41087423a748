"""Errors as problem documents (RFC 9457). Invalid values are listed with their field under `errors`."""

import re
from typing import Any

import orjson
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from kanal.api.rate_limiting import RateLimited
from kanal.core.observability import request_id
from kanal.core.query import QueryError
from kanal.core.writes.constraints import concurrent_delete
from kanal.kit.errors import ActionNeeded, Conflict, Invalid, Moved, NotAllowed, NotFound, Refused

CONTENT_TYPE = "application/problem+json"
TITLES = {
    301: gettext_lazy("Moved permanently"),
    400: gettext_lazy("Bad request"),
    401: gettext_lazy("Authentication required"),
    403: gettext_lazy("Not permitted"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not allowed"),
    409: gettext_lazy("The record's state doesn't allow this"),
    412: gettext_lazy("The record was changed in the meantime"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Unsupported media type"),
    422: gettext_lazy("Validation failed"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("Something went wrong"),
}


def problem(status: int, detail: Any = "", **more: Any) -> HttpResponse:
    """Return a problem document."""
    body = {"type": "about:blank", "title": str(TITLES.get(status, "")), "status": status}
    if detail:
        body["detail"] = str(detail)
    if number := request_id():
        body["request_id"] = number
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return HttpResponse(orjson.dumps(body | more), content_type=CONTENT_TYPE, status=status, headers=headers)


def invalid(error: Invalid) -> HttpResponse:
    """Return the errors of each field. An empty field name means the whole object."""
    errors = [
        {"field": field, "message": str(message)} for field, messages in error.errors.items() for message in messages
    ]
    return problem(422, errors[0]["message"] if len(errors) == 1 else "", errors=errors)


def moved(request: HttpRequest, error: Any) -> HttpResponse:
    """Return a redirect to the replacing record. Writes aren't redirected."""
    old = re.compile(rf"(/{error.entity}/){error.old_id}(?=[/?]|$)")
    address, count = old.subn(rf"\g<1>{error.new_id}", request.get_full_path(), count=1)
    if request.method not in ("GET", "HEAD") or not count:
        return problem(404, error)
    response = problem(301, _("Another record has taken over: %(id)s.") % {"id": error.new_id})
    response["Location"] = address
    return response


def handle(api: NinjaAPI) -> None:
    """Return all errors of an API as problem documents."""

    def on(kind: type[Exception], answer: Any) -> None:
        api.add_exception_handler(kind, lambda request, error: answer(error))

    on(Invalid, invalid)
    on(QueryError, lambda error: problem(422, error, errors=[{"field": error.field, "message": str(error)}]))
    on(Refused, lambda error: problem(409, error))
    on(ActionNeeded, action_needed)
    on(NotAllowed, lambda error: problem(403, error))
    on(NotFound, lambda error: problem(404, error))
    api.add_exception_handler(Moved, moved)
    on(Conflict, lambda error: problem(412, error, changes=error.changes))
    on(AuthenticationError, lambda error: problem(401, _("Send a valid token as “Authorization: Bearer …”.")))
    on(HttpError, lambda error: problem(error.status_code, error))
    on(ValidationError, validation)
    on(RateLimited, too_many)
    on(IntegrityError, broken)
    on(
        DataError,
        lambda error: problem(422, _("A value is out of range, or contains a character that can't be stored.")),
    )
    for kind in (BadRequest, SuspiciousOperation, MultiPartParserError):
        on(kind, lambda error: problem(400, _("The request can't be read.")))


def action_needed(error: ActionNeeded) -> HttpResponse:
    """Return the error that names the action for the status."""
    return problem(409, error, action=needed(error))


def needed(error: ActionNeeded) -> dict[str, Any]:
    """Return the action required by a change as JSON: its key, label, and URL if the record exists."""
    url = f"/api/v1/{error.entity}/{error.record}/{error.verb}" if error.record else None
    return {"verb": error.verb, "label": str(error.label), "method": "POST", "url": url}


def broken(error: IntegrityError) -> HttpResponse:
    """Return the error for a reference broken at the commit, because another user deleted the record."""
    refusal = concurrent_delete(error)
    if refusal is None:
        raise error
    return problem(409, refusal)


def too_many(error: RateLimited) -> HttpResponse:
    """Return the error for too many requests, with the time to wait."""
    response = problem(429, error)
    response["Retry-After"] = str(error.seconds)
    return response


def validation(error: ValidationError) -> HttpResponse:
    """Return the errors of invalid parameters."""
    errors = [{"field": ".".join(map(str, detail["loc"][1:])), "message": detail["msg"]} for detail in error.errors]
    return problem(422, "", errors=errors)


def not_found(request: HttpRequest, *_args: Any, **_named: Any) -> HttpResponse:
    """Return the error for a URL under /api/ that doesn't exist."""
    return problem(404, _("There is no such address."))
