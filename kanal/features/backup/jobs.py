"""The job that makes the daily backups where KANAL_BACKUP_DIR is set."""

from procrastinate.contrib.django import app

from kanal.features.backup import schedule


@app.periodic(cron="10 * * * *")
@app.task(name="backup.daily", queueing_lock="backup.daily", lock="backup.daily")
def daily(timestamp: int) -> None:
    """Make a backup if one is due; the job of the next hour tries again what failed."""
    schedule.daily()
