"""Dashboard modules about the installation, for administrators: failed jobs, backups, sign-ins, audit."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from kanal.core import job_queue
from kanal.core.access import permissions_of
from kanal.core.dashboards import ASIDE, FIGURE, ModuleType, Preset, Settings, Viewer, register_module, register_preset
from kanal.core.homes import Home
from kanal.core.jobs import job_label
from kanal.core.models import AuditEntry
from kanal.features.backup import schedule
from kanal.kit.numbers import format_number
from kanal.web.settings_pages.auditrows import EntryDescriber

MOST_ROWS = 6
FAILED_JOBS = "/settings/jobs/?state=failed"


def is_for_administrators(viewer: Viewer, settings: Settings) -> bool:
    """Return whether the viewer administers the installation."""
    return permissions_of(viewer.user).is_admin


def failed_jobs(viewer: Viewer) -> Any:
    """Return the failed jobs, newest first."""
    return job_queue.in_state(job_queue.jobs_of(viewer.user), job_queue.State.FAILED)


def failed_jobs_figure(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the number of failed jobs."""
    number = failed_jobs(viewer).order_by().count()
    return {
        "value": format_number(number, get_language() or "en"),
        "url": FAILED_JOBS,
        "tone": "danger" if number else "",
    }


def backup_figure(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the age of the last successful backup, marked if it is older than a day or a later one failed."""
    last = schedule.last()
    if last.at is None:
        return {"value": _now("Never"), "hint": last.failure or advice(), "tone": "danger"}
    age = timezone.now() - last.at
    is_late = age > schedule.TOO_LONG or bool(last.failure) or schedule.folder() is None
    megabytes = format_number(max(last.size // 1024**2, 1), get_language() or "en")
    size = _now("%(size)s MB") % {"size": megabytes}
    return {
        "value": written_age(age),
        "hint": last.failure or (size if schedule.folder() else advice()),
        "tone": "danger" if is_late else "",
    }


def advice() -> str:
    """Return what makes backups automatic, or that the first one is due."""
    return _now("The first one is due.") if schedule.folder() else _now("Set KANAL_BACKUP_DIR to have one daily.")


def written_age(age: dt.timedelta) -> str:
    """Format an age in hours, from two days on in days."""
    hours = max(int(age.total_seconds() // 3600), 0)
    if hours < 48:
        return ngettext("%(hours)s hour ago", "%(hours)s hours ago", hours) % {"hours": hours}
    return ngettext("%(days)s day ago", "%(days)s days ago", hours // 24) % {"days": hours // 24}


def failed_sign_ins(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the number of failed sign-ins of the last 24 hours."""
    since = timezone.now() - dt.timedelta(hours=24)
    number = AuditEntry.objects.filter(kind=AuditEntry.Kind.FAILURE, at__gte=since).order_by().count()
    return {
        "value": format_number(number, get_language() or "en"),
        "hint": _now("in the last 24 hours"),
        "url": f"/settings/audit/?kind={AuditEntry.Kind.FAILURE}",
    }


def failed_jobs_list(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the newest failed jobs with their reason."""
    entries = job_queue.entries_of(list(failed_jobs(viewer)[:MOST_ROWS]))
    return {
        "icon": "settings-automation",
        "url": FAILED_JOBS,
        "empty": _now("No job has failed"),
        "lines": [
            {
                "label": job_label(entry.name),
                "hint": entry.error or entry.about,
                "url": FAILED_JOBS,
                "at": entry.ended_at,
            }
            for entry in entries
        ],
    }


def audit_list(viewer: Viewer, settings: Settings) -> dict[str, Any]:
    """Return the newest entries of the audit log that change something: no sign-ins, no exports."""
    readings = (AuditEntry.Kind.LOGIN, AuditEntry.Kind.FAILURE, AuditEntry.Kind.LOGOUT, AuditEntry.Kind.EXPORT)
    entries = list(AuditEntry.objects.exclude(kind__in=readings).order_by("-id")[:MOST_ROWS])
    describer = EntryDescriber(viewer.user, entries)
    return {
        "icon": "shield-check",
        "url": "/settings/audit/",
        "empty": _now("Nothing has been changed yet"),
        "lines": [
            {"label": describer.title(entry), "hint": entry.actor, "url": "/settings/audit/", "at": entry.at}
            for entry in entries
        ],
    }


def add_figure(key: str, title: Any, data: Any, place: int) -> None:
    """Register a figure of the administrator's home."""
    register_module(ModuleType(key, title, (), data, "modules/figure.html", FIGURE, is_for_administrators))
    register_preset(Preset(f"system.{key}", title, key, {}, {Home.ADMINISTRATOR: place}))


def add_lines(key: str, title: Any, data: Any, place: int) -> None:
    """Register a list of lines of the administrator's home."""
    register_module(ModuleType(key, title, (), data, "modules/lines.html", is_offered=is_for_administrators))
    register_preset(Preset(f"system.{key}", title, key, {}, {Home.ADMINISTRATOR: place}))


add_figure("failed-jobs", _("Failed jobs"), failed_jobs_figure, 10)
add_figure("last-backup", _("Last backup"), backup_figure, 15)
add_figure("failed-sign-ins", _("Failed sign-ins"), failed_sign_ins, 30)
add_lines("failed-jobs-list", _("Failed jobs"), failed_jobs_list, 10)
add_lines("audit-list", _("Latest changes of settings and rights"), audit_list, ASIDE + 10)
