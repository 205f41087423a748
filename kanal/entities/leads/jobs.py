"""Periodic work on leads."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kanal.entities.leads.actions import return_untouched


@app.periodic(cron="*/10 * * * *")
@app.task(name="leads.return_untouched", queueing_lock="leads.return_untouched")
def return_untouched_leads(timestamp: int) -> None:
    """Return leads that lay untouched for too long to the free pool."""
    return_untouched(timezone.now())
