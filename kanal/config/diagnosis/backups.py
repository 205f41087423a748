"""Checks of backups: the age of the last successful one, and interrupted restores."""

from collections.abc import Iterator

from kanal.config import env
from kanal.config.diagnosis.finding import Finding

OLDEST_HOURS = 26


def backups(environment: env.Env) -> Iterator[Finding]:
    """Check the age of the last successful backup, and for an interrupted restore."""
    from django.db import DatabaseError, connection
    from django.utils import timezone

    from kanal.features.backup import schedule, schemas

    with connection.cursor() as cursor:
        if schemas.is_unfinished(cursor):
            yield Finding(
                "Restore", "was cut short: run `kanal restore FILE` again, which puts the old tables back", well=False
            )
            return
    try:
        last = schedule.last()
    except DatabaseError:
        return
    if last.failure:
        yield Finding("Backup", f"the last attempt failed ({last.failure})", well=False, vital=False)
    if last.at is None:
        how = "the first is due" if environment.backup_dir else "set KANAL_BACKUP_DIR to have one daily"
        yield Finding("Backup", f"there is none yet: {how}", well=False, vital=False)
        return
    hours = int((timezone.now() - last.at).total_seconds() // 3600)
    daily = "" if environment.backup_dir else "; KANAL_BACKUP_DIR is not set, so there are no automatic backups"
    age = f"{hours} hours old" if hours < 48 else f"{hours // 24} days old"
    well = hours < OLDEST_HOURS and bool(environment.backup_dir)
    yield Finding(
        "Backup",
        f"the last successful one is {age}, {last.size // 1024**2} MB, {last.path}{daily}",
        well=well,
        vital=False,
    )
