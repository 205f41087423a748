"""Entries of the audit log: explicit ones (sign-ins, exports, imports, backups), and filtering."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from kanal.core.actor import Actor
from kanal.core.models import AuditEntry
from kanal.kit import zones

Kind = AuditEntry.Kind
LONGEST = 400


def note(
    kind: str, who: Any, text: Any = "", *, entity: str = "", record_id: int | None = None, address: str = ""
) -> None:
    """Add an entry. `who` is a user, an actor or None. `text` is a short description and must not contain secrets."""
    means, name = (who.means, who.name) if isinstance(who, Actor) else ("", "")
    who = who.user if isinstance(who, Actor) else who
    user = who if getattr(who, "pk", None) else None
    AuditEntry.objects.create(
        kind=kind,
        actor_id=user.pk if user is not None else None,
        actor=str(user)[:170] if user is not None else name,
        means=means,
        text=str(text).replace("\x00", "")[:LONGEST],
        entity=entity,
        record_id=record_id,
        address=address[:60],
    )


def entries(
    *, kind: str = "", actor: int | None = None, since: dt.date | None = None, until: dt.date | None = None
) -> QuerySet[AuditEntry]:
    """Return the entries, newest first, of one kind, by one user, from one day to another."""
    rows = AuditEntry.objects.order_by("-id")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(actor_id=actor) if actor else rows
    zone = timezone.get_current_timezone()
    rows = rows.filter(at__gte=zones.start_of_day(since, zone)) if since else rows
    return rows.filter(at__lt=zones.start_of_day(until + zones.DAY, zone)) if until else rows
