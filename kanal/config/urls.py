"""All URLs of the application: those of apps first, then those derived from the declarations."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import URLResolver, include, path


def room_urls() -> list[URLResolver]:
    """Return the URLs that apps define."""
    rooms = [config.name for config in apps.get_app_configs() if config.name.startswith("kanal.entities.")]
    return [path("", include(import_module(f"{name}.urls"))) for name in rooms if find_spec(f"{name}.urls")]


urlpatterns = [*room_urls(), path("", include("kanal.api.urls")), path("", include("kanal.web.urls"))]

handler400 = "kanal.web.errors.bad_request"
handler403 = "kanal.web.errors.permission_denied"
handler404 = "kanal.web.errors.page_not_found"
handler429 = "kanal.web.errors.too_many_requests"
handler500 = "kanal.web.errors.server_error"
