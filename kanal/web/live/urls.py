"""The URLs of the live channel and of the requests after its messages."""

from django.urls import path

from kanal.web.live import pages

urlpatterns = [
    path("live", pages.unserved, name="live"),
    path("live/<slug:key>/matching", pages.matching, name="live-matching"),
    path("live/<slug:key>/cards", pages.cards, name="live-cards"),
]
