"""Receiving: a post is stored before anything else, and never twice (INTAKE-1, 2). The rest is in pipeline.py."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import epoch, writes
from kanal.core.actor import Actor
from kanal.core.cache import cached, keep_up
from kanal.entities.intake import bodies, conditions, storage
from kanal.entities.intake.models import Intake, IntakeSource, new_key
from kanal.entities.intake.storage import Post
from kanal.kit.errors import Invalid, KanalError, NotAllowed, NotFound, Refused

__all__ = ["Post", "Receipt", "TooLargeError", "receive", "renew_key", "replay", "source_of"]
MOST_CHANGES = 5


class TooLargeError(KanalError):
    """A post is too large (413)."""


@dataclass(frozen=True)
class Receipt:
    """The response to the sender: the id of the received lead, or of all leads of a list. `again` marks a repeat.

    The ids are those of `/intakes/<id>`. The id of a list is that of its first lead.
    """

    id: int
    items: list[int] | None
    again: bool = field(default=False, compare=False)


def source_of(key: str) -> IntakeSource | None:
    """Return the active source with this key. The cache is refreshed for an unknown key."""
    source = remembered_source(key)
    if source is None:
        epoch.catch_up()
        source = remembered_source(key)
    return source


@cached
def remembered_source(key: str) -> IntakeSource | None:
    """Return the active source with this key, cached."""
    return IntakeSource.objects.filter(key=key, is_active=True).first()


def receive(source_key: str, post: Post) -> Receipt:
    """Store a post durably and queue a job for it. A repeat returns the first receipt.

    Raise NotFound for an unknown key, NotAllowed for a wrong signature or origin, TooLargeError above the limits.
    The source is cached: the storing statement checks that it's current, and so does a refusal.
    """
    for _again in range(MOST_CHANGES):
        known = epoch.current_epoch()
        try:
            return receive_cached(source_key, post, known)
        except storage.OutdatedError as problem:
            keep_up(problem.epoch)
        except (NotFound, NotAllowed):
            epoch.catch_up()
            if epoch.current_epoch() == known:
                raise
    raise Refused(_("This source is being changed. Please try again."))


def receive_cached(source_key: str, post: Post, known: int) -> Receipt:
    """Store a post as `receive` does, with the cached source. Raise OutdatedError if it has changed."""
    source = source_of(source_key)
    if source is None:
        raise NotFound
    if len(post.body) > bodies.MOST_BYTES:
        raise TooLargeError(_("A post holds at most 1 MB."))
    allow(source, post)
    try:
        items, is_list = bodies.read_body(post.body, post.content_type)
        items, is_list = unwrap_list(source, items, is_list)
        reason = ""
    except bodies.TooManyLeads as problem:
        raise TooLargeError(str(problem)) from None
    except bodies.UnreadableError as problem:
        items, is_list, reason = [{"unreadable": bodies.shown(post.body)}], False, str(problem)
    now = timezone.now()
    rows = [entry(source, now, place, data, reason) for place, data in enumerate(items)]
    return store_post(source, post, rows, now, is_list=is_list, known=known)


def unwrap_list(source: IntakeSource, items: list[Any], is_list: bool) -> tuple[list[Any], bool]:
    """Return the leads of a list under a key of the only object received. Raise TooManyLeads above the limit."""
    within = None if is_list else conditions.lead_entries(source.field_mapping or {}, items[0])
    if within is None:
        return items, is_list
    if len(within) > bodies.MOST_LEADS:
        raise bodies.TooManyLeads(_("A post can contain at most %(limit)s leads.") % {"limit": bodies.MOST_LEADS})
    return within, True


def allow(source: IntakeSource, post: Post) -> None:
    """Raise NotAllowed if the signature or the web origin required by a source doesn't match."""
    if source.hmac_secret:
        made = hmac.new(source.hmac_secret.encode(), post.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(made.encode(), post.signature.removeprefix("sha256=").lower().encode()):
            raise NotAllowed(_("The signature doesn't match the body."))
    if post.origin and not is_origin_allowed(source, post.origin):
        raise NotAllowed(_("Posts from this web origin are not accepted."))


def is_origin_allowed(source: IntakeSource, origin: str) -> bool:
    """Return whether pages of a web origin may post to a source."""
    return origin.rstrip("/").lower() in {allowed.rstrip("/").lower() for allowed in source.allowed_web_origins.split()}


def store_post(
    source: IntakeSource, post: Post, rows: list[dict[str, Any]], now: datetime, *, is_list: bool, known: int
) -> Receipt:
    """Store a post with its leads. Queue a job to process them unless one is already waiting."""
    from kanal.entities.intake.jobs import process

    is_odd = not is_list and rows[0]["state"] == Intake.State.ATTENTION
    given: dict[str, Any] = {"is_list": is_list, "epoch": known}
    stored = None if is_odd else storage.store(source.pk, post, rows, now, anyhow=False, **given)
    if stored is None:
        with transaction.atomic():
            stored = storage.store(source.pk, post, rows, now, anyhow=True, **given)
            assert stored is not None
            if stored.is_new:
                process.configure(priority=storage.PRIORITY).defer()
    first = stored.items[0] if stored.items else stored.post
    return Receipt(first, stored.items if stored.is_list else None, again=not stored.is_new)


def entry(source: IntakeSource, now: datetime, place: int, data: Any, reason: str) -> dict[str, Any]:
    """Return the stored form of a lead in a post. Values that aren't objects need attention immediately."""
    if not isinstance(data, dict):
        data, reason = {"unreadable": data}, reason or _("This entry of the list is not an object.")
    return {
        "position": place, "data": data, "name": name_of(data), "reason": str(reason),
        "state": str(Intake.State.ATTENTION if reason else Intake.State.WAITING),
        "steps": [{"step": "received", "at": now.isoformat(), "source": source.name}],
    }  # fmt: skip


def name_of(data: dict[str, Any]) -> str:
    """Return a name for the received values, from the first meaningful ones."""
    wanted = ("subject", "company", "name", "full_name", "last_name", "email", "phone")
    texts = [str(data[key]) for key in wanted if isinstance(data.get(key), str) and data[key].strip()]
    return (texts[0] if texts else next((str(value) for value in data.values() if isinstance(value, str)), ""))[:200]


@transaction.atomic
def replay(row: Intake, values: Any = None, *, by: Actor) -> None:
    """Process a lead that needed attention again, in its current form (INTAKE-2)."""
    from kanal.entities.intake.pipeline import handle

    current = Intake.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if current.state != Intake.State.ATTENTION:
        raise Refused(_("This has already been handled."))
    data = current.data
    if isinstance(data, dict) and isinstance(data.get("unreadable"), str) and len(data) == 1:
        data = reread(data["unreadable"])
    writes.update_system_fields(current, by=by, state=Intake.State.WAITING, reason="", data=data)
    handle([current])
    row.refresh_from_db()


def reread(text: str) -> dict[str, Any]:
    """Parse a corrected body. Raise Invalid if it still can't be parsed."""
    try:
        data = bodies.read_text(text.encode())
    except bodies.UnreadableError as problem:
        raise Invalid.on("data", str(problem)) from None
    if not isinstance(data, dict):
        raise Invalid.on("data", _("Enter one object with the lead's values."))
    return data


def renew_key(source: IntakeSource, values: Any = None, *, by: Actor) -> None:
    """Generate a new secret URL for a source. The old one stops working at once."""
    writes.update_system_fields(source, by=by, key=new_key())
