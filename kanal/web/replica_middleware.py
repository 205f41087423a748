"""Pages that may be read from a replica, while users always see their own writes (SCALE-1).

After a write the browser stores the position in the primary server's log. Until the replica has reached it, this
browser's pages come from the primary server. The cookie isn't secret: changing it only changes how stale pages are.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

from kanal.core import replica
from kanal.web.lists.views import VIEWS

COOKIE = "kanal_written"
PAGES = ("-list-totals", "-home", "-statuses")
READING = {"GET", "HEAD"}


class Lagging:
    """Middleware that reads lists, boards, overviews, search and exports from the replica."""

    def __init__(self, handler: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not replica.is_used():
            raise MiddlewareNotUsed
        self.handler = handler
        self.pages = (*PAGES, *(f"-{name}" for view in VIEWS.values() for name in view.names))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response. A page that fails on the replica is read from the primary server."""
        with replica.lagging(False):
            response = self.handler(request)
        if getattr(request, "lags", False):
            if response.status_code == 503:
                replica.leave_alone()
                with replica.lagging(False):
                    return self.handler(request)
            if response.streaming:
                response.streaming_content = streamed(response.streaming_content)  # type: ignore[attr-defined]
            response["X-Read-From"] = replica.ALIAS
        return with_position(request, response)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Choose the server once the view is known."""
        name = request.resolver_match.url_name if request.resolver_match else None
        page = name and (name.endswith(self.pages) or "-list-export-" in name or name == "search")
        if page and request.method in READING and not hasattr(request, "lags"):
            request.lags = replica.has_reached(position_of(request))  # type: ignore[attr-defined]
            if request.lags:  # type: ignore[attr-defined]
                replica.let_lag()


def streamed(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the parts of a streamed response from the same server as the page."""
    while True:
        with replica.lagging():
            part = next(parts, None)
        if part is None:
            return
        yield part


def position_of(request: HttpRequest) -> int:
    """Return the position of this browser's last write, 0 if there is no recent one."""
    try:
        return replica.number_of(request.COOKIES.get(COOKIE, ""))
    except ValueError:
        return 0


def with_position(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Store the position after a write, and clear it once the replica has reached it."""
    if request.method not in READING and response.status_code < 500:
        response.set_cookie(
            COOKIE, replica.current_lsn(), httponly=True, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE)
        )
    elif getattr(request, "lags", False) and COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
