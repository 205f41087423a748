"""The endpoint for leads: `POST /api/v1/intake/<key>`, which returns 202 once the post is stored."""

import re
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from kanal.api.problems import problem, too_many
from kanal.api.rate_limiting import RateLimited, address_of, consume
from kanal.entities.intake import bodies
from kanal.entities.intake.actions import Post, TooLargeError, is_origin_allowed, receive, source_of
from kanal.kit.errors import NotAllowed, NotFound
from kanal.kit.reading.ids import id_of


@csrf_exempt
def intake(request: HttpRequest, key: str) -> HttpResponse:
    """Store a post and return its id. Allowed web origins can read the response."""
    origin = request.headers.get("Origin", "")
    if request.method != "POST":
        return with_origin(answer_other(request, key), key, origin)
    try:
        hold_back(request, key, origin)
        receipt = receive(key, post_of(request, origin))
    except RateLimited as refusal:
        return with_origin(too_many(refusal), key, origin)
    except NotFound as refusal:
        return problem(404, refusal)
    except NotAllowed as refusal:
        return problem(403, refusal)
    except TooLargeError as refusal:
        return with_origin(problem(413, refusal), key, origin)
    body: dict[str, Any] = {"id": receipt.id}
    if receipt.items is not None:
        body["items"] = receipt.items
    headers = {"Idempotent-Replayed": "true"} if receipt.again else {}
    response = HttpResponse(orjson.dumps(body), content_type="application/json", status=202, headers=headers)
    return with_origin(response, key, origin)


def answer_other(request: HttpRequest, key: str) -> HttpResponse:
    """Respond to requests that ask whether and how leads are accepted."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method in ("GET", "HEAD"):
        return look(request, key)
    response = problem(405, _("Send leads by POST."))
    response["Allow"] = "GET, HEAD, OPTIONS, POST"
    return response


def look(request: HttpRequest, key: str) -> HttpResponse:
    """Respond to a sender that verifies the URL, with the challenge if there is one (hub.challenge)."""
    if source_of(key) is None:
        return problem(404, NotFound())
    challenge = request.GET.get("hub.challenge", "")
    asked = request.GET.get("hub.mode") == "subscribe" and re.fullmatch(r"[\w.-]{1,200}", challenge)
    text = challenge if asked else _("This address accepts leads by POST.")
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


def hold_back(request: HttpRequest, key: str, origin: str) -> None:
    """Apply the rate limits of the source and of the sender to a post (INTAKE-5, SEC-2)."""
    if source_of(key) is None:
        raise NotFound
    address = address_of(request)
    if origin:
        consume("intake.posts_per_visitor", f"{key}:{address}")
    consume("intake.posts_per_address", f"{key}:{address}")
    consume("intake.posts_per_source", key)


def post_of(request: HttpRequest, origin: str) -> Post:
    """Return the relevant parts of a request. A body that's too long isn't read."""
    length = request.headers.get("Content-Length", "")
    if (id_of(length) or 0) > bodies.MOST_BYTES:
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
    """Allow a page of an allowed origin to read the response."""
    source = source_of(key) if origin else None
    if source is not None and is_origin_allowed(source, origin):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Methods"] = "GET, HEAD, POST"
        response["Access-Control-Expose-Headers"] = "Idempotent-Replayed, Retry-After"
        response["Access-Control-Allow-Headers"] = "Content-Type, Idempotency-Key, X-Kanal-Signature"
        response["Vary"] = "Origin"
    return response
