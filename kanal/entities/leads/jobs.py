"""Periodic jobs for leads."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kanal.core.jobs import periodic
from kanal.entities.leads.actions import return_untouched


@periodic("leads.return_untouched", cron="*/10 * * * *", label=_("Return of untouched leads"))
def return_untouched_leads(timestamp: int) -> None:
    """Return leads untouched for too long to the free pool."""
    return_untouched(timezone.now())
