"""Middleware around every page: sign-in, language and time zone."""

from collections.abc import Callable

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import urlencode

from kanal.core import context
from kanal.web.http import current_path, go, wants_fragment

Handler = Callable[[HttpRequest], HttpResponse]
OPEN = ("/login/", "/logout/", "/static/", "/healthz", "/readyz", "/metrics", "/api/")


def is_open(path: str) -> bool:
    """Return whether a URL is available without sign-in. The API authenticates by itself."""
    return path.startswith(OPEN) or path == "/favicon.ico"


def without_nul(handler: Handler) -> Handler:
    """Return 404 for a URL with a NUL character, which no record has and no text column accepts in a query (SEC-3)."""

    def ask(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        return handler(request)

    return ask


def signed_in_only(handler: Handler) -> Handler:
    """Redirect users who aren't signed in to the login page."""

    def ask(request: HttpRequest) -> HttpResponse:
        request.signed_in_id = request.user.pk  # type: ignore[attr-defined]
        if request.user.is_authenticated or is_open(request.path_info):
            return handler(request)
        return to_login(request)

    return ask


def to_login(request: HttpRequest) -> HttpResponse:
    """Redirect to the login page, and back afterwards; a script's request back to the page that sent it."""
    wanted = current_path(request) if wants_fragment(request) else request.get_full_path()
    url = "/login/" if wanted in ("", "/") else f"/login/?{urlencode({'next': wanted})}"
    return go(request, url)


def personal(handler: Handler) -> Handler:
    """Respond in the user's context: language, time zone, date. Keep private pages out of shared caches."""

    def ask(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return anonymous(handler, request)
        own = context.Context.of(user, request_id=getattr(request, "request_id", ""))
        with own.active():
            request.LANGUAGE_CODE = own.language  # type: ignore[attr-defined]
            response = carried(handler(request))
        response.headers.setdefault("Content-Language", own.language)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        patch_vary_headers(response, ("HX-Request",))
        return response

    return ask


def anonymous(handler: Handler, request: HttpRequest) -> HttpResponse:
    """Respond to an anonymous request. A token may still identify a user, whose context ends with the request."""
    with context.preserve_context():
        response = carried(handler(request))
    if request.path_info.startswith("/api/") and not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-cache"
    return response


def carried(response: HttpResponse) -> HttpResponse:
    """Keep the request's context, which ends before the first chunk is read, for a stream. Files remain unchanged."""
    if response.streaming and not isinstance(response, FileResponse) and not response.is_async:  # type: ignore[attr-defined]
        response.streaming_content = context.streamed(response.streaming_content)  # type: ignore[attr-defined]
    return response
