"""The address of the intake."""

from django.urls import path

from kanal.entities.intake import pages

urlpatterns = [path("api/v1/intake/<str:key>", pages.intake, name="intake")]
