"""Receiving: a post is stored before anything else, and never twice (INTAKE-1, 2); the rest stands in process.py."""

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kanal.core import events, writes
from kanal.core.actor import Actor
from kanal.core.remembered import remembered
from kanal.core.writes.together import insert
from kanal.entities.intake import bodies
from kanal.entities.intake.models import Intake, IntakeSource, RawPost, new_key
from kanal.kit.errors import Invalid, KanalError, NotAllowed, NotFound, Refused

LONGEST_KEY = 200
SAME_FOR = timedelta(minutes=10)


class TooLargeError(KanalError):
    """Say that a post is too large to be taken (413)."""


@dataclass(frozen=True)
class Receipt:
    """What the sender is told: the post's id and, for a list, the ids of its leads; `again` for a repeat."""

    id: int
    items: list[int] | None
    again: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Post:
    """A post as it comes over the wire."""

    body: bytes
    content_type: str = ""
    idempotency_key: str = ""
    signature: str = ""
    origin: str = ""
    user_agent: str = ""


@remembered
def source_of(key: str) -> IntakeSource | None:
    """Read the active source that has this key."""
    return IntakeSource.objects.filter(key=key, is_active=True).first()


def receive(source_key: str, post: Post) -> Receipt:
    """Store a post durably and have it handled by a job; a repeat gets the first receipt.

    Raise NotFound for an unknown key, NotAllowed for a wrong signature or origin, TooLargeError above the limits.
    """
    source = source_of(source_key)
    if source is None:
        raise NotFound
    if len(post.body) > bodies.MOST_BYTES:
        raise TooLargeError(_("A post holds at most 1 MB."))
    allow(source, post)
    try:
        items, is_list = bodies.read_body(post.body, post.content_type)
        reason = ""
    except bodies.TooManyError as problem:
        raise TooLargeError(str(problem)) from None
    except bodies.UnreadableError as problem:
        items, is_list, reason = [{"unreadable": bodies.shown(post.body)}], False, str(problem)
    with transaction.atomic():
        return first_receipt(source, post) or store(source, post, items, is_list=is_list, reason=reason)


def allow(source: IntakeSource, post: Post) -> None:
    """Raise NotAllowed where a source asks for a signature or names its web origins, and this is neither."""
    if source.hmac_secret:
        made = hmac.new(source.hmac_secret.encode(), post.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(made.encode(), post.signature.removeprefix("sha256=").lower().encode()):
            raise NotAllowed(_("The signature does not fit the body."))
    if post.origin and not is_origin_allowed(source, post.origin):
        raise NotAllowed(_("Posts from this web origin are not taken."))


def is_origin_allowed(source: IntakeSource, origin: str) -> bool:
    """Tell whether pages of a web origin may post to a source."""
    return origin.rstrip("/").lower() in {one.rstrip("/").lower() for one in source.allowed_web_origins.split()}


def first_receipt(source: IntakeSource, post: Post) -> Receipt | None:
    """Give the receipt of an earlier post with the same key, or the same body within ten minutes; one at a time."""
    digest = hashlib.sha256(post.body).digest()
    same = RawPost.objects.filter(source=source)
    found = None
    if key := post.idempotency_key[:LONGEST_KEY]:
        hold(7201, f"{source.pk}:{key}")
        found = same.filter(idempotency_key=key).only("is_list").order_by("id").first()
    if found is None:
        hold(7202, f"{source.pk}:{digest.hex()}")
        since = timezone.now() - SAME_FOR
        found = same.filter(body_hash=digest, received_at__gt=since).only("is_list").order_by("id").first()
    if found is None:
        return None
    items = list(Intake.objects.filter(post=found).order_by("position").values_list("pk", flat=True))
    return Receipt(found.pk, items if found.is_list else None, again=True)


def hold(kind: int, text: str) -> None:
    """Wait until nobody else handles the same thing; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [kind, text])


def store(source: IntakeSource, post: Post, items: list[Any], *, is_list: bool, reason: str) -> Receipt:
    """Store a post and its leads, and queue the job that handles them, in one transaction."""
    from kanal.entities.intake.jobs import process

    headers = {"origin": post.origin[:200], "user_agent": post.user_agent[:300]}
    raw = RawPost.objects.create(  # pen: a raw post is no record
        source=source, received_at=timezone.now(), body=post.body, body_hash=hashlib.sha256(post.body).digest(),
        content_type=post.content_type[:100], idempotency_key=post.idempotency_key[:LONGEST_KEY],
        headers={key: value for key, value in headers.items() if value}, is_list=is_list,
    )  # fmt: skip
    rows = [entry(raw, source, place, data, reason) for place, data in enumerate(items)]
    if is_list:
        insert(Intake, rows)
    else:
        rows[0].save(force_insert=True)  # pen: stored at once, as it came
    process.defer()
    if reason:
        events.publish("intake.needs_attention", rows[0].pk, by=Actor())
    return Receipt(raw.pk, [row.pk for row in rows] if is_list else None)


def entry(raw: RawPost, source: IntakeSource, place: int, data: Any, reason: str) -> Intake:
    """Make the row of one lead of a post; what is no object needs attention at once."""
    if not isinstance(data, dict):
        data, reason = {"unreadable": data}, reason or _("This entry of the list is not an object.")
    state = Intake.State.ATTENTION if reason else Intake.State.WAITING
    steps = [{"step": "received", "at": raw.received_at.isoformat(), "source": source.name}]
    data = bodies.storable(data)
    return Intake(
        post=raw, source=source, position=place, data=data, state=state, reason=reason, steps=steps,
        name=name_of(data),
    )  # fmt: skip


def name_of(data: dict[str, Any]) -> str:
    """Name what came by the first values that tell something."""
    wanted = ("subject", "company", "name", "full_name", "last_name", "email", "phone")
    found = [str(data[key]) for key in wanted if isinstance(data.get(key), str) and data[key].strip()]
    return (found[0] if found else next((str(one) for one in data.values() if isinstance(one, str)), ""))[:200]


@transaction.atomic
def replay(row: Intake, values: Any = None, *, by: Actor) -> None:
    """Handle what needed attention once more, as it stands now (INTAKE-2)."""
    from kanal.entities.intake.process import handle

    current = Intake.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if current.state != Intake.State.ATTENTION:
        raise Refused(_("This was handled already."))
    data = current.data
    if isinstance(data, dict) and isinstance(data.get("unreadable"), str) and len(data) == 1:
        data = reread(data["unreadable"])
    writes.touch(current, by=by, state=Intake.State.WAITING, reason="", data=data)
    handle([current])
    row.refresh_from_db()


def reread(text: str) -> dict[str, Any]:
    """Read a body again that somebody has mended; raise Invalid where it still can't be read."""
    try:
        found = bodies.read_json(text.encode())
    except bodies.UnreadableError as problem:
        raise Invalid.on("data", str(problem)) from None
    if not isinstance(found, dict):
        raise Invalid.on("data", _("Enter one object with the lead's values."))
    return found


def renew_key(source: IntakeSource, values: Any = None, *, by: Actor) -> None:
    """Give a source a new secret address; the old one ends at once."""
    writes.touch(source, by=by, key=new_key())
