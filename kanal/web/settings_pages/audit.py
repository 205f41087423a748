"""The audit log: who signed in, changed rights and settings, exported and anonymized, with filters (ACC-10)."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from kanal.core import access, administration, registry
from kanal.core import audit as log
from kanal.core.models import AuditEntry
from kanal.web.requests import id_of

PER_PAGE = 100
COLOURS = {
    "login": "green", "failure": "red", "logout": "gray", "password": "amber", "token": "amber", "rights": "purple",
    "settings": "blue", "export": "teal", "anonymized": "orange",
}  # fmt: skip


def audit(request: HttpRequest) -> HttpResponse:
    """Show the entries, the newest first; `kind`, `user`, `since` and `until` narrow them."""
    administration.require_administrator(request.user)
    kind = request.GET.get("kind", "")
    kind = kind if kind in log.Kind.values else ""
    actor, since, until = id_of(request.GET.get("user")), day(request, "since"), day(request, "until")
    found = log.entries(kind=kind, actor=actor, since=since, until=until)
    if before := id_of(request.GET.get("before")):
        found = found.filter(pk__lt=before)
    rows = list(found[: PER_PAGE + 1])
    given = {"kind": kind, "user": actor, "since": since, "until": until}
    state = {key: str(value) for key, value in given.items() if value}
    older = {**state, "before": rows[PER_PAGE - 1].pk} if len(rows) > PER_PAGE else None
    context = {
        "title": _("Audit log"),
        "rows": [row_of(request.user, entry) for entry in rows[:PER_PAGE]],
        "kinds": log.Kind.choices,
        "kind": kind,
        "actor": actor,
        "actor_name": access.titles_of(request.user, registry.get("users"), [actor or 0]).get(actor or 0, ""),
        "since": since,
        "until": until,
        "is_filtered": bool(state),
        "older": urlencode(older) if older else "",
    }
    return render(request, "pages/settings/audit.html", context)


def day(request: HttpRequest, name: str) -> dt.date | None:
    """Read a day from the address; None for what is none."""
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None


def row_of(user: Any, entry: AuditEntry) -> dict[str, Any]:
    """Give an entry for the template, with the address of the record if the reader may see it."""
    entity = registry.find(entry.entity)
    names = access.titles_of(user, entity, [entry.record_id]) if entity and entry.record_id else {}
    url = entity.url(entry.record_id) if entity and entry.record_id in names else ""
    return {"entry": entry, "colour": COLOURS.get(entry.kind, "gray"), "url": url}
