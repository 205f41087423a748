"""Request helpers for pages: the acting user, whether a fragment is requested, the next URL."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme

from kanal.core.actor import Actor, ChangeSource
from kanal.kit.reading.ids import id_of as id_of


def actor_of(request: HttpRequest, means: ChangeSource = ChangeSource.FORM) -> Actor:
    """Return the user of a request as an actor."""
    return Actor(request.user, means, request_id=getattr(request, "request_id", ""))


def signed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view to write in one transaction signed by its user, for the audit log (ACC-10)."""

    @wraps(view)
    def signing(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return view(request, *args, **named)
        with actor_of(request).on_connection():
            return view(request, *args, **named)

    return signing


def wants_fragment(request: HttpRequest) -> bool:
    """Return whether a script requests a part of a page."""
    return request.headers.get("HX-Request") == "true" and not request.headers.get("HX-Boosted")


def next_of(request: HttpRequest, default: str) -> str:
    """Return the next URL if it's on this site, else the default."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else default


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect to another page, for both forms and scripts."""
    if not wants_fragment(request):
        return HttpResponseRedirect(url)
    response = HttpResponse(status=200)
    response["HX-Redirect"] = iri_to_uri(url)
    return response


def current_path(request: HttpRequest) -> str:
    """Return the path and query of the page from which a script sent a request, or ""."""
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    return parts.path + (f"?{parts.query}" if parts.query else "")


def refresh(request: HttpRequest, url: str, message: str = "", **toast: str) -> HttpResponse:
    """Redirect to a record's page with a message. A script that is on it refreshes its parts instead.

    `toast` may hold the `label` of a button and the URL of the `dialog` that it opens.
    """
    events: dict[str, Any] = {"record:changed": {}}
    if wants_fragment(request) and current_path(request).partition("?")[0] == url:
        return tell_page({"dialog:close": {}, **events}, message, **toast)
    if message:
        messages.success(request, message)
    response = go(request, url)
    response["HX-Trigger"] = json.dumps(events)
    return response


def tell_page(events: dict[str, Any], message: str = "", **toast: str) -> HttpResponse:
    """Return an empty response that triggers events on the page, and shows a message."""
    if message:
        events["toast"] = {"text": message, "kind": "success", **{key: text for key, text in toast.items() if text}}
    response = HttpResponse(status=200)
    response["HX-Trigger"] = json.dumps(events)
    response["HX-Reswap"] = "none"
    return response
