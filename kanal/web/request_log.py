"""The trace of each request: its id from the proxy or generated, and one log line after the response."""

import re
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kanal.core.cache import request_snapshot
from kanal.core.observability import RequestTrace, tracing
from kanal.web import metrics

GOOD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,39}")
QUIET = {"healthz", "readyz", "metrics"}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
log = structlog.get_logger("kanal.request")


def traced(handler: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Handle a request within a trace. A valid id is taken from X-Request-ID, and returned in the same header."""

    def ask(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(settings.STATIC_URL):
            return handler(request)
        method = request.method if request.method in METHODS else "OTHER"
        request.request_id = id_of(request)  # type: ignore[attr-defined]
        with tracing(RequestTrace("page", request_id=request.request_id, who=lambda: user_of(request))) as trace:  # type: ignore[attr-defined]
            with request_snapshot():
                response = handler(request)
            finish_request(request, response, trace, method or "")
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        return response

    return ask


def id_of(request: HttpRequest) -> str:
    """Return the proxy's id, or a new one if it's malformed, since ids appear in logs and pages."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if GOOD_ID.fullmatch(given) else uuid.uuid4().hex


def user_of(request: HttpRequest) -> int | None:
    """Return the id of the user identified by a session or token so far, without a query."""
    if getattr(request, "api_token", None) is not None:
        return request.user.pk
    return getattr(request, "signed_in_id", None)


def route_of(request: HttpRequest) -> str:
    """Return the URL pattern, but never the URL itself, which may contain a key or a name."""
    match = request.resolver_match
    return match.route if match else "unknown"


def finish_request(request: HttpRequest, response: HttpResponse, trace: RequestTrace, method: str) -> None:
    """End the trace, count it and write its log line."""
    route = route_of(request)
    trace.name, trace.failed = f"{method} /{route}", response.status_code >= 500
    trace.facts = {"method": method, "route": route, "status": response.status_code}
    trace.end()
    metrics.count_request(trace)
    if route in QUIET and not trace.failed:
        return
    log.info(
        "request",
        **trace.facts,
        ms=round(trace.seconds * 1000, 1),
        queries=trace.statements,
        query_ms=round(trace.statement_seconds * 1000, 1),
    )
