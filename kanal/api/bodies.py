"""Reading the body of a request, with a clear answer for what is none."""

from typing import Any

import orjson
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import HttpError

LARGEST = 5 * 1024 * 1024


def read_json(request: HttpRequest) -> Any:
    """Read a JSON body; an empty one is an empty object."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        raise HttpError(413, _("The body is larger than %(limit)s MB.") % {"limit": LARGEST // 1024**2})
    if not request.body:
        return {}
    kind = request.content_type or ""
    if kind and "json" not in kind:
        raise HttpError(415, _("Send the body as application/json."))
    try:
        return orjson.loads(request.body)
    except orjson.JSONDecodeError:
        raise HttpError(400, _("The body is not valid JSON.")) from None


def read_object(request: HttpRequest) -> dict[str, Any]:
    """Read a JSON body that must be an object."""
    data = read_json(request)
    if not isinstance(data, dict):
        raise HttpError(422, _("The body must be a JSON object."))
    return data
