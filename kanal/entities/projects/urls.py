"""URLs of a project's CRM page and members."""

from django.urls import path

from kanal.entities.projects import pages

urlpatterns = [
    path("projects/<slug:identifier>/crm/", pages.crm, name="project-crm"),
    path("projects/<int:pk>/members", pages.add_member, name="project-member"),
    path("projects/<int:pk>/members/<int:member>/remove", pages.remove_member, name="project-member-remove"),
]
