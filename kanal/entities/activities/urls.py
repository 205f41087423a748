"""Additional URLs of activities."""

from django.urls import path

from kanal.entities.activities import pages

urlpatterns = [
    path("crm/activities/log-call", pages.log_call, name="log-call"),
    path("crm/activities/callees", pages.callees, name="callees"),
    path("crm/activities/<int:pk>/next-step", pages.next_step, name="activity-next-step"),
]
