"""Additional URLs of sales."""

from django.urls import path

from kanal.entities.selling import pages

urlpatterns = [path("crm/opportunities/<int:pk>/sold", pages.sale, name="opportunity-sold")]
