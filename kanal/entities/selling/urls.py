"""The addresses of the room's own pages."""

from django.urls import path

from kanal.entities.selling import pages

urlpatterns = [path("crm/opportunities/<int:pk>/sold", pages.sale, name="opportunity-sold")]
