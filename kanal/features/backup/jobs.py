"""The job for daily backups if KANAL_BACKUP_DIR is set."""

from django.utils.translation import gettext_lazy as _

from kanal.core.jobs import periodic
from kanal.features.backup import schedule


@periodic("backup.daily", cron="10 * * * *", label=_("Daily backup"), lock="backup.daily")
def daily(timestamp: int) -> None:
    """Make a backup if one is due. The next hourly job retries after a failure."""
    schedule.daily()
