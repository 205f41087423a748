"""Additional URLs of opportunities."""

from django.urls import path

from kanal.entities.opportunities import pages

urlpatterns = [path("crm/opportunities/<int:pk>/move", pages.move_opportunity, name="opportunity-move")]
