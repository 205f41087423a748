"""The address that personal contacts have of their own."""

from django.urls import path

from kanal.entities.contacts import pages

urlpatterns = [path("crm/contacts/new", pages.new_contact, name="contact-new")]
