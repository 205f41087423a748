"""The job that makes the daily backups where KANAL_BACKUP_DIR is set."""

from django.utils.translation import gettext_lazy as _

from kanal.core.jobs import periodic
from kanal.features.backup import schedule


@periodic("backup.daily", cron="10 * * * *", label=_("Daily backup"), lock="backup.daily")
def daily(timestamp: int) -> None:
    """Make a backup if one is due; the job of the next hour tries again what failed."""
    schedule.daily()
