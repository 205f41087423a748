"""The addresses of the live channel and what pages ask once it told them of records."""

from django.urls import path

from kanal.web.live import pages

urlpatterns = [
    path("live", pages.unserved, name="live"),
    path("live/<slug:key>/matching", pages.matching, name="live-matching"),
    path("live/<slug:key>/cards", pages.cards, name="live-cards"),
]
