"""URLs of the user's own profile."""

from django.urls import path

from kanal.entities.people import pages

urlpatterns = [
    path("me/", pages.me, name="me"),
    path("me/tokens", pages.make_token, name="me-token"),
    path("me/tokens/<int:pk>/delete", pages.delete_token, name="me-token-delete"),
]
