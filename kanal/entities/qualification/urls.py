"""The URL of the “Qualify” page."""

from django.urls import path

from kanal.entities.qualification import pages

urlpatterns = [path("crm/leads/<int:pk>/qualify", pages.qualify_lead, name="lead-qualify")]
