"""Automatic backups: when the next is due, where they're stored, how many are retained, and the last result."""

import datetime as dt
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import audit
from kanal.core.actor import Actor, ChangeSource
from kanal.core.models import Setting
from kanal.features.backup.dump import Tell, dump_database, quiet

log = logging.getLogger("kanal.backup")
ENDING = ".backup"
JOB = Actor(means=ChangeSource.JOB)
NIGHT_HOUR = 2
A_DAY = dt.timedelta(hours=23)
TOO_LONG = dt.timedelta(hours=25)
GOOD, FAILED = "backup.last", "backup.failed"


@dataclass(frozen=True)
class Last:
    """The result of the last successful backup, and of a failure after it."""

    at: dt.datetime | None
    path: str
    size: int
    failure: str


def folder() -> Path | None:
    """Return the folder of the daily backups, or None."""
    return Path(settings.BACKUP_DIR) if settings.BACKUP_DIR else None


def new_path() -> Path | None:
    """Return the path of a new file in the folder of the daily backups."""
    where = folder()
    return path_in(where) if where else None


def path_in(where: Path) -> Path:
    """Return the path of a new file in a folder."""
    return where.absolute() / f"kanal-{timezone.now():%Y%m%d-%H%M%S}{ENDING}"


def make_backup(path: Path, tell: Tell = quiet, by: Actor = JOB) -> dict[str, Any]:
    """Make a backup and store whether it succeeded or why it failed."""
    began = time.monotonic()
    try:
        manifest = dump_database(path, tell)
    except Exception as problem:
        store_status(FAILED, {"at": timezone.now().isoformat(), "reason": str(problem)[:300]})
        raise
    seconds = round(time.monotonic() - began, 1)
    facts = {"at": manifest["made_at"], "path": str(path), "size": path.stat().st_size, "seconds": seconds}
    store_status(GOOD, facts)
    audit.note(audit.Kind.BACKUP, by, _("Backup made: %(what)s") % {"what": path.name})
    Setting.objects.filter(key=FAILED).delete()  # direct write: backup notes, not records
    return manifest


def store_status(key: str, facts: dict[str, Any]) -> None:
    """Store a result."""
    Setting.objects.update_or_create(key=key, defaults={"value": facts})  # direct write: backup notes, not records


def last() -> Last:
    """Return the result of the last backup."""
    stored = dict(Setting.objects.filter(key__in=(GOOD, FAILED)).values_list("key", "value"))
    good = stored.get(GOOD, {})
    at = dt.datetime.fromisoformat(good["at"]) if good else None
    return Last(at, good.get("path", ""), good.get("size", 0), stored.get(FAILED, {}).get("reason", ""))


def is_due(now: dt.datetime) -> bool:
    """Return whether a daily backup is due: at night after a day, or at once if the last is too old."""
    at = last().at
    if at is None or now - at >= TOO_LONG:
        return True
    return now - at >= A_DAY and now.hour == NIGHT_HOUR


def daily() -> Path | None:
    """Make a backup if one is due, and delete surplus ones."""
    path = new_path()
    if path is None or not is_due(timezone.now()):
        return None
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_backup(path)
    thin(path.parent, settings.BACKUP_KEEP)
    return path


def thin(where: Path, keep: int) -> None:
    """Retain the newest daily backups, and leftovers of a killed one for at most a day."""
    names = sorted(where.glob(f"kanal-*{ENDING}"))
    yesterday = time.time() - A_DAY.total_seconds()
    for path in [*names[:-keep], *(part for part in where.glob("kanal-*.part") if part.stat().st_mtime < yesterday)]:
        path.unlink(missing_ok=True)
        log.info("removed %s", path)
