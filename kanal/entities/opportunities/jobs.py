"""Periodic jobs for opportunities."""

from django.utils.translation import gettext_lazy as _

from kanal.core.jobs import periodic
from kanal.entities.opportunities.notices import announce_all


@periodic("opportunities.announce", cron="5 * * * *", label=_("Notices about opportunities that need attention"))
def announce_opportunities(timestamp: int) -> None:
    """Tell assignees which of their opportunities have begun to need attention."""
    announce_all()
