"""Handling of all requests under /api/: supports HEAD and OPTIONS, and returns every error as a problem document."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.api.problems import CONTENT_TYPE, problem

Handler = Callable[[HttpRequest], HttpResponse]
DETAILS = {
    400: gettext_lazy("The request can't be read."),
    404: gettext_lazy("There is no such address."),
    500: gettext_lazy("The server failed. The error has been logged."),
}


def edge(handler: Handler) -> Handler:
    """Apply the API's response format even if a request doesn't reach it."""

    def ask(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return handler(request)
        wanted = request.method
        if wanted == "HEAD":
            request.method = "GET"
        response = handler(request)
        if wanted == "OPTIONS" and response.status_code == 405:
            response = HttpResponse(status=204, headers={"Allow": response["Allow"]})
        if response.status_code >= 400 and response.headers.get("Content-Type") != CONTENT_TYPE:
            response = as_problem(request, response)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ("Authorization",))
        allow(response)
        return without_content(response) if wanted == "HEAD" and not response.streaming else response

    return ask


def as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Convert an error response of the framework to a problem document with the same headers."""
    status = response.status_code
    detail = DETAILS.get(status, "")
    if status == 405:
        detail = _("The method %(method)s is not allowed here.") % {"method": request.method}
    problem_response = problem(status, detail)
    for name in ("Allow", "Retry-After", "X-Request-ID"):
        if name in response:
            problem_response[name] = response[name]
    return problem_response


def allow(response: HttpResponse) -> None:
    """Add HEAD and OPTIONS to the allowed methods of a URL."""
    if "Allow" in response:
        methods = {method.strip() for method in response["Allow"].split(",")} | {"OPTIONS"}
        response["Allow"] = ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


def without_content(response: HttpResponse) -> HttpResponse:
    """Drop the content of a response to HEAD, keeping its headers including the length."""
    length = len(response.content)
    response.content = b""
    response["Content-Length"] = str(length)
    return response
