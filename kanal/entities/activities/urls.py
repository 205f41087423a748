"""The addresses of the room's own pages."""

from django.urls import path

from kanal.entities.activities import pages

urlpatterns = [
    path("crm/activities/log-call", pages.log_call, name="log-call"),
    path("crm/activities/callees", pages.callees, name="callees"),
    path("crm/activities/<int:pk>/next-step", pages.next_step, name="activity-next-step"),
]
