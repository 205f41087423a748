"""Additional URL of personal contacts."""

from django.urls import path

from kanal.entities.contacts import pages

urlpatterns = [path("crm/contacts/new", pages.new_contact, name="contact-new")]
