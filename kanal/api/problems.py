"""Errors as problem documents (RFC 9457); a wrong value names its field under `errors`."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from kanal.core.query import QueryError
from kanal.kit.errors import Conflict, Invalid, NotAllowed, NotFound, Refused

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: _("Bad request"),
    401: _("Sign-in is needed"),
    403: _("Not permitted"),
    404: _("Not found"),
    409: _("The record's state forbids this"),
    412: _("The record was changed meanwhile"),
    413: _("Too large"),
    415: _("Wrong kind of content"),
    422: _("The data are not valid"),
    429: _("Too many requests"),
    500: _("Something went wrong"),
}


def problem(status: int, detail: Any = "", **more: Any) -> HttpResponse:
    """Answer with a problem document."""
    body = {"type": "about:blank", "title": str(TITLES.get(status, "")), "status": status}
    if detail:
        body["detail"] = str(detail)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return HttpResponse(orjson.dumps(body | more), content_type=CONTENT_TYPE, status=status, headers=headers)


def invalid(error: Invalid) -> HttpResponse:
    """Answer with the errors of each field; the empty name stands for the whole."""
    errors = [
        {"field": field, "message": str(message)} for field, messages in error.errors.items() for message in messages
    ]
    return problem(422, errors[0]["message"] if len(errors) == 1 else "", errors=errors)


def handle(api: NinjaAPI) -> None:
    """Have every refusal answered as a problem document."""

    def on(kind: type[Exception], answer: Any) -> None:
        api.add_exception_handler(kind, lambda request, error: answer(error))

    on(Invalid, invalid)
    on(QueryError, lambda error: problem(422, error, errors=[{"field": error.field, "message": str(error)}]))
    on(Refused, lambda error: problem(409, error))
    on(NotAllowed, lambda error: problem(403, error))
    on(NotFound, lambda error: problem(404, error))
    on(Conflict, lambda error: problem(412, error, changes=error.changes))
    on(AuthenticationError, lambda error: problem(401, _("Send a valid token as “Authorization: Bearer …”.")))
    on(HttpError, lambda error: problem(error.status_code, error))
    on(ValidationError, validation)


def validation(error: ValidationError) -> HttpResponse:
    """Answer with what the parameters lack."""
    errors = [{"field": ".".join(map(str, one["loc"][1:])), "message": one["msg"]} for one in error.errors]
    return problem(422, "", errors=errors)


def not_found(request: HttpRequest, *_args: Any, **_named: Any) -> HttpResponse:
    """Answer for an address below /api/ that does not exist."""
    return problem(404, _("There is no such address."))
