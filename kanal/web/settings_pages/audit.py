"""The audit log: sign-ins, changes of permissions and settings, exports and anonymizations, with filters (ACC-10)."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from kanal.core import access, administration, registry
from kanal.core import audit as log
from kanal.core.entity import Entity
from kanal.core.models import AuditEntry
from kanal.web.detail import means_label
from kanal.web.http import id_of
from kanal.web.settings_pages.auditrows import EntryDescriber

PER_PAGE = 100
COLOURS = {
    "login": "green", "failure": "red", "logout": "gray", "password": "amber", "token": "amber", "rights": "purple",
    "settings": "blue", "export": "teal", "import": "teal", "backup": "gray", "anonymized": "orange",
}  # fmt: skip


def audit(request: HttpRequest) -> HttpResponse:
    """Show the entries, newest first. `kind`, `user`, `since` and `until` filter them."""
    administration.require_administrator(request.user)
    kind = request.GET.get("kind", "")
    kind = kind if kind in log.Kind.values else ""
    actor, since, until = id_of(request.GET.get("user")), day(request, "since"), day(request, "until")
    entries = log.entries(kind=kind, actor=actor, since=since, until=until)
    if before := id_of(request.GET.get("before")):
        entries = entries.filter(pk__lt=before)
    rows = list(entries[: PER_PAGE + 1])
    given = {"kind": kind, "user": actor, "since": since, "until": until}
    state = {key: str(value) for key, value in given.items() if value}
    older = {**state, "before": rows[PER_PAGE - 1].pk} if len(rows) > PER_PAGE else None
    context = {
        "title": _("Audit log"),
        "rows": audit_rows(request.user, rows[:PER_PAGE]),
        "kinds": log.Kind.choices,
        "kind": kind,
        "actor": actor,
        "actor_name": access.display_names(request.user, registry.get("users"), [actor or 0]).get(actor or 0, ""),
        "since": since,
        "until": until,
        "is_filtered": bool(state),
        "older": urlencode(older) if older else "",
    }
    return render(request, "pages/settings/audit.html", context)


def day(request: HttpRequest, name: str) -> dt.date | None:
    """Return a date from the URL, or None if it isn't one."""
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None


def audit_rows(user: Any, entries: list[AuditEntry]) -> list[dict[str, Any]]:
    """Return the entries as text, each with the URL of its record if visible to the reader."""
    describer, rows = EntryDescriber(user, entries), []
    readable = visible(user, entries)
    for entry in entries:
        entity = entity_of(entry)
        is_seen = entity is not None and entry.record_id in readable.get(entity.key, ())
        rows.append(
            {
                "entry": entry,
                "colour": COLOURS.get(entry.kind, "gray"),
                "title": describer.title(entry),
                "differences": describer.differences(entry),
                "means": means_label("" if entry.means == "sql" else entry.means) if entry.means else "",
                "url": entity.url(entry.record_id) if entity and entry.record_id and is_seen else "",
            }
        )
    return rows


def visible(user: Any, entries: list[AuditEntry]) -> dict[str, dict[int, str]]:
    """Return the records of the entries that are visible to the reader, by one query per type."""
    ids: dict[str, set[int]] = {}
    for entry in entries:
        if (entity := entity_of(entry)) and entry.record_id:
            ids.setdefault(entity.key, set()).add(entry.record_id)
    return {key: access.display_names(user, registry.get(key), pks) for key, pks in ids.items()}


def entity_of(entry: AuditEntry) -> Entity | None:
    """Return the record type of an entry. Entries from a trigger name the table."""
    watched = log.watched().get(entry.entity)
    return registry.of(watched.model) if watched else registry.find(entry.entity)
