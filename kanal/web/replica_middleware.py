"""Which pages may be read from a replica, and that everybody sees their own writes at once (SCALE-1).

After a write the browser keeps the position in the primary server's log; until the replica has reached it, that
browser's pages come from the primary server. The cookie is no secret: changing it only changes how late one reads.
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
    """Middleware that lets lists, boards, overviews, search and exports be read from the replica."""

    def __init__(self, handler: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not replica.is_used():
            raise MiddlewareNotUsed
        self.handler = handler
        self.pages = (*PAGES, *(f"-{name}" for view in VIEWS.values() for name in view.names))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; a page that the replica could not give is read from the primary server."""
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
        """Choose the server once it is known which page is asked for."""
        name = request.resolver_match.url_name if request.resolver_match else None
        page = name and (name.endswith(self.pages) or "-list-export-" in name or name == "search")
        if page and request.method in READING and not hasattr(request, "lags"):
            request.lags = replica.has_reached(position_of(request))  # type: ignore[attr-defined]
            if request.lags:  # type: ignore[attr-defined]
                replica.let_lag()


def streamed(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Read the parts of a streamed answer where the page itself was read."""
    while True:
        with replica.lagging():
            part = next(parts, None)
        if part is None:
            return
        yield part


def position_of(request: HttpRequest) -> int:
    """Return the position that this browser has written up to, 0 if it has written nothing lately."""
    try:
        return replica.number_of(request.COOKIES.get(COOKIE, ""))
    except ValueError:
        return 0


def with_position(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Have the browser keep the position after a write, and forget one that the replica has reached."""
    if request.method not in READING and response.status_code < 500:
        response.set_cookie(
            COOKIE, replica.current_lsn(), httponly=True, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE)
        )
    elif getattr(request, "lags", False) and COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
