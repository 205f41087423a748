"""Posts to the intake bypass sessions, forms and pages: senders have none of them, and post often."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils import translation

from kanal.entities.intake.pages import intake

PREFIX = "/api/v1/intake/"
ROUTE = "api/v1/intake/<str:key>"
Handler = Callable[[HttpRequest], HttpResponse]


def ahead(handler: Handler) -> Handler:
    """Handle a post by the view of its URL, in the sender's language. Pass on all other requests."""

    def ask(request: HttpRequest) -> HttpResponse:
        key = request.path_info.removeprefix(PREFIX)
        if request.method != "POST" or "/" in key or not key:
            return handler(request)
        request.resolver_match = ResolverMatch(intake, (), {"key": key}, "intake", route=ROUTE)
        with translation.override(translation.get_language_from_request(request)):
            response = intake(request, key)
        response["Content-Length"] = str(len(response.content))
        return response

    return ask
