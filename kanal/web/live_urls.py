"""The addresses of the live channel and what pages ask once it told them of records."""

from django.urls import path

from kanal.web import live_pages

urlpatterns = [
    path("live", live_pages.unserved, name="live"),
    path("live/<slug:key>/matching", live_pages.matching, name="live-matching"),
    path("live/<slug:key>/cards", live_pages.cards, name="live-cards"),
]
