"""Responses to errors of rules, actions or the access layer: a clear sentence with the right status."""

from collections.abc import Callable
from typing import Any

import structlog
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.conflicts import is_conflict, retried
from kanal.core.observability import request_id
from kanal.core.writes.constraints import concurrent_delete
from kanal.kit.errors import Conflict, Invalid, KanalError, Moved, NotAllowed, NotFound, Refused
from kanal.web import outage
from kanal.web.http import wants_fragment
from kanal.web.lists.views import VIEWS

WAIT = 300
log = structlog.get_logger("kanal.request")
STATUS: dict[type[KanalError], int] = {NotFound: 404, NotAllowed: 403, Refused: 409, Conflict: 409, Invalid: 422}


class Refusals:
    """Middleware that converts the kit's errors to responses."""

    def __init__(self, handler: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.handler(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Return the response to a kit error or a value refused by the database. Ignore other errors.

        Transactions that PostgreSQL rolled back due to concurrency are retried (REL-2). The API does so itself.
        """
        if is_conflict(problem) and not request.path_info.startswith("/api/"):
            try:
                return again(request)
            except Exception as other:
                problem = other
        if isinstance(problem, DataError):
            problem = Invalid(_("A value is out of range, or contains a character that can't be stored."))
        if isinstance(problem, IntegrityError):
            problem = concurrent_delete(problem) or problem
        if not isinstance(problem, KanalError) or request.path_info.startswith("/api/"):
            return None
        return error_response(request, problem)


@retried
def again(request: HttpRequest) -> HttpResponse:
    """Handle a request again by the view of its URL, with the already parsed body."""
    match = request.resolver_match
    assert match is not None
    for name in request.FILES:
        for file in request.FILES.getlist(name):
            file.seek(0)
    return match.func(request, *match.args, **match.kwargs)


def http_status(problem: KanalError) -> int:
    """Return the HTTP status of an error."""
    return next((status for kind, status in STATUS.items() if isinstance(problem, kind)), 400)


def error_response(request: HttpRequest, problem: KanalError) -> HttpResponse:
    """Return an error response: plain text for a script, a page for a person."""
    status = http_status(problem)
    if isinstance(problem, Moved) and (address := new_address(request, problem)):
        return HttpResponsePermanentRedirect(address)
    if wants_fragment(request):
        return HttpResponse(str(problem), status=status, content_type="text/plain; charset=utf-8")
    if status == 404:
        return page_not_found(request)
    titles = {403: _("You don't have permission"), 409: _("This isn't possible now"), 422: _("Invalid input")}
    back = request.headers.get("Referer", "")
    same_site = back.startswith(f"{request.scheme}://{request.get_host()}/")
    context = {
        "title": titles.get(status, _("This didn't work")),
        "text": str(problem),
        "back": back if same_site else "/",
    }
    return render(request, "pages/refused.html", context, status=status)


def new_address(request: HttpRequest, moved: Moved) -> str:
    """Return the URL under the record that replaced this one, or "" if the request isn't about the old one."""
    entity = registry.get(moved.entity)
    old, address = entity.url(moved.old_id), request.get_full_path()
    is_about_it = request.method in ("GET", "HEAD") and address.startswith(old)
    return entity.url(moved.new_id) + address.removeprefix(old) if is_about_it else ""


def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Respond to an unknown URL, or to a record that the user can't see."""
    if wants_fragment(request):
        return HttpResponse(_("There is no such record."), status=404, content_type="text/plain; charset=utf-8")
    context = {"layout": layout_of(request), **missing_view(request.path_info)}
    return render(request, "errors/404.html", context, status=404)


def missing_view(path: str) -> dict[str, Any]:
    """Return why records can't be shown in a view that was asked for, and their type; empty for any other URL."""
    place, _slash, key = path.strip("/").rpartition("/")
    view = next((view for view in VIEWS.values() if view.key == key), None)
    entity = next((entity for entity in registry.all_entities() if f"/{place}".endswith(f"/{entity.path}")), None)
    if view is None or entity is None:
        return {}
    names = {"records": entity.plural, "view": view.label}
    reason = _("%(records)s have nothing that the view “%(view)s” could show. Open their list instead.") % names
    return {"reason": reason, "entity": entity}


def too_many_requests(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Respond to too many sign-in or password reset attempts."""
    text = _("Too many attempts. Wait a few minutes, then try again.")
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    if not wants_fragment(request):
        response = render(request, "errors/429.html", {"text": text})
    response.status_code = 429
    response["Retry-After"] = str(WAIT)
    return response


def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Respond to an action that the user isn't allowed to do, including a missing CSRF token."""
    return render(request, "errors/403.html", {"layout": layout_of(request)}, status=403)


def layout_of(request: HttpRequest) -> str:
    """Return the frame of an error page: search and navigation remain for people who are signed in."""
    user = getattr(request, "user", None)
    return "layout/error.html" if user is not None and user.is_authenticated else "layout/bare.html"


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """Respond to a malformed request."""
    return render(request, "errors/400.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Respond to an internal error, without using the database. An outage is reported as such."""
    if response := outage.outage_response(request):
        return response
    try:
        page = render_to_string("errors/500.html", {"request_id": request_id()})
    except Exception:  # the error page itself fails, for example if the front end isn't built
        log.exception("the page of an error can't be shown")
        text = _("Something went wrong on our side. Request: %(id)s") % {"id": request_id()}
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")
    return HttpResponse(page, status=500)
