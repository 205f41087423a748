"""The URLs of the API, built after all apps are declared. An app's own operations are in its urls.py."""

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from kanal.api.app import build
from kanal.api.openapi.document import openapi, reader
from kanal.api.problems import not_found

api = build()
urlpatterns = [
    path("api/v1/openapi.json", openapi, {"api": api}),
    path("api/v1/docs", reader, {"api": api}),
    path("api/v1/", api.urls),
    re_path(r"^api/.*$", csrf_exempt(not_found)),
]
