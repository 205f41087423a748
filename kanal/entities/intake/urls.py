"""The URL of the intake."""

from django.urls import path

from kanal.entities.intake import mapping, pages

urlpatterns = [
    path("api/v1/intake/<str:key>", pages.intake, name="intake"),
    path("settings/intake-sources/<int:pk>/mapping", mapping.mapping_page, name="intake-mapping"),
]
