"""The addresses of the live channel and what pages ask once it told them of records; those of jobs."""

from django.urls import path

from kanal.web import live_pages
from kanal.web.settings_pages import jobs

urlpatterns = [
    path("live", live_pages.unserved, name="live"),
    path("live/<slug:key>/matching", live_pages.matching, name="live-matching"),
    path("live/<slug:key>/cards", live_pages.cards, name="live-cards"),
    path("me/jobs/", jobs.own_jobs, name="own-jobs"),
    path("jobs/<int:pk>/cancel", jobs.cancel, name="job-cancel"),
    path("jobs/<int:pk>/retry", jobs.retry, name="job-retry"),
]
