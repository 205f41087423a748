"""What happens around every page: the signed-in user alone, their language and time zone."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import urlencode

from kanal.web.requests import wants_fragment

Handler = Callable[[HttpRequest], HttpResponse]
OPEN = ("/login/", "/logout/", "/static/", "/healthz", "/readyz", "/metrics", "/api/")


def is_open(path: str) -> bool:
    """Tell whether an address is there for those who are not signed in; the API asks for itself."""
    return path.startswith(OPEN) or path == "/favicon.ico"


def signed_in_only(handler: Handler) -> Handler:
    """Lead everybody else to the login page."""

    def ask(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated or is_open(request.path_info):
            return handler(request)
        return to_login(request)

    return ask


def to_login(request: HttpRequest) -> HttpResponse:
    """Lead to the login page, and back afterwards."""
    if wants_fragment(request):
        response = HttpResponse(status=200)
        response["HX-Redirect"] = "/login/"
        return response
    wanted = request.get_full_path()
    return redirect("/login/" if wanted == "/" else f"/login/?{urlencode({'next': wanted})}")


def personal(handler: Handler) -> Handler:
    """Activate the user's language and time zone, and keep private pages out of shared caches."""

    def ask(request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            response = handler(request)
            if request.path_info.startswith("/api/") and not response.has_header("Cache-Control"):
                response["Cache-Control"] = "private, no-cache"
            return response
        if user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        with timezone.override(zone_of(user.time_zone)):
            response = handler(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        patch_vary_headers(response, ("HX-Request",))
        return response

    return ask


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """Give the time zone of this name, that of the installation where there is none."""
    try:
        return zoneinfo.ZoneInfo(name) if name else timezone.get_default_timezone()  # type: ignore[return-value]
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()  # type: ignore[return-value]
