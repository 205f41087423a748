"""The address that leads are posted to: `POST /api/v1/intake/<key>`; it answers 202 once the post is stored."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt

from kanal.entities.intake import bodies
from kanal.entities.intake.actions import Post, TooLargeError, is_origin_allowed, receive, source_of
from kanal.kit.errors import NotAllowed, NotFound

TITLES = {
    403: gettext_lazy("Not permitted"), 404: gettext_lazy("Not found"), 405: gettext_lazy("Not permitted"),
    413: gettext_lazy("Too large"),
}  # fmt: skip


@csrf_exempt
def intake(request: HttpRequest, key: str) -> HttpResponse:
    """Store what is posted and answer with its id; let the allowed web origins read the answer."""
    origin = request.headers.get("Origin", "")
    if request.method == "OPTIONS":
        return with_origin(HttpResponse(status=204), key, origin)
    if request.method != "POST":
        return problem(405, _("Send leads by POST."))
    try:
        receipt = receive(key, post_of(request, origin))
    except NotFound as refusal:
        return problem(404, refusal)
    except NotAllowed as refusal:
        return problem(403, refusal)
    except TooLargeError as refusal:
        return with_origin(problem(413, refusal), key, origin)
    body: dict[str, Any] = {"id": receipt.id}
    if receipt.items is not None:
        body["items"] = receipt.items
    return with_origin(HttpResponse(orjson.dumps(body), content_type="application/json", status=202), key, origin)


def post_of(request: HttpRequest, origin: str) -> Post:
    """Take what matters from a request; one that is too long is not read."""
    length = request.headers.get("Content-Length", "")
    if length.isdigit() and int(length) > bodies.MOST_BYTES:
        raise TooLargeError(_("A post holds at most 1 MB."))
    return Post(
        body=request.body,
        content_type=request.headers.get("Content-Type", ""),
        idempotency_key=request.headers.get("Idempotency-Key", ""),
        signature=request.headers.get("X-Kanal-Signature", ""),
        origin=origin,
        user_agent=request.headers.get("User-Agent", ""),
    )


def with_origin(response: HttpResponse, key: str, origin: str) -> HttpResponse:
    """Let a page of an allowed origin read the answer."""
    source = source_of(key) if origin else None
    if source is not None and is_origin_allowed(source, origin):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Methods"] = "POST"
        response["Access-Control-Allow-Headers"] = "Content-Type, Idempotency-Key, X-Kanal-Signature"
        response["Vary"] = "Origin"
    return response


def problem(status: int, detail: Any) -> HttpResponse:
    """Answer with a problem document (RFC 9457)."""
    body = {"type": "about:blank", "title": str(TITLES[status]), "status": status, "detail": str(detail)}
    return HttpResponse(orjson.dumps(body), content_type="application/problem+json", status=status)
