"""Request limits per minute, shared by all processes (ACC-9, SEC-2). Sign-in uses those of allauth.

A process leases a fiftieth of a limit at a time from the shared count and spends it locally, so that a request costs no
query of its own. The limit is never exceeded. What a process hasn't spent at the end of the minute is lost.
"""

import hashlib
import time
from dataclasses import dataclass
from threading import Lock
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kanal.api.models import Spent
from kanal.core import settings
from kanal.core.fields import FIELD_TYPES, Field
from kanal.kit.errors import KanalError

MINUTE = 60
PARTS = 50
MOST_SHARES = 20_000
TAKE = """
INSERT INTO api_spent AS spent (key, minute, count) VALUES (%s, %s, %s) ON CONFLICT (key) DO UPDATE SET
 minute = greatest(spent.minute, excluded.minute),
 count = excluded.count + CASE WHEN spent.minute >= excluded.minute THEN spent.count ELSE 0 END
RETURNING count
"""


class RateLimited(KanalError):
    """A reached limit, with the seconds to wait (429)."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(seconds)

    def __str__(self) -> str:
        return str(_("Too many requests. Try again in %(seconds)s seconds.") % {"seconds": self.seconds})


@dataclass
class Lease:
    """A process's remaining part of a limit in a minute."""

    minute: int
    limit: int
    left: int = 0
    is_over: bool = False


_shares: dict[str, Lease] = {}
_lock = Lock()


def consume(setting: str, who: str) -> None:
    """Count one request of a caller against the limit of a setting. Raise RateLimited if it is reached."""
    limit = int(settings.value(setting) or 0)
    if not limit:
        return
    now = time.time()
    minute = int(now // MINUTE)
    key = hashlib.sha256(f"{setting}:{who}".encode()).hexdigest()
    if not taken(key, minute, limit):
        raise RateLimited(int((minute + 1) * MINUTE - now) + 1)


def taken(key: str, minute: int, limit: int) -> bool:
    """Consume one request of the process's lease, renewing an empty one. Return whether there was any left."""
    with _lock:
        share = _shares.get(key)
        if share is None or (share.minute, share.limit) != (minute, limit):
            if len(_shares) > MOST_SHARES:
                _shares.clear()
            share = _shares[key] = Lease(minute, limit)
        if share.left:
            share.left -= 1
            return True
        if share.is_over:
            return False
    got = granted(key, minute, limit)
    with _lock:
        share.left += max(got - 1, 0)
        share.is_over = share.is_over or not got
    return got > 0


def granted(key: str, minute: int, limit: int) -> int:
    """Lease a part of a limit from the shared count. Return how much was still available."""
    part = max(limit // PARTS, 1)
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [key, minute, part])
        (count,) = cursor.fetchone()
    return max(min(part, limit - (count - part)), 0)


def address_of(request: HttpRequest) -> str:
    """Return the client address of a request, behind trusted proxies the one they report."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def drop_old() -> None:
    """Delete the counts of earlier minutes."""
    Spent.objects.filter(minute__lt=int(time.time() // MINUTE) - 1).delete()  # direct write: a count isn't a record


def declare_limits() -> None:
    """Declare the limits as settings."""
    said: dict[str, Any] = {"type": FIELD_TYPES["integer"], "minimum": 0, "maximum": 10_000_000}
    settings.declare(
        "limits",
        Field(
            "api.requests_per_minute", _("API: requests per minute of a token"), default=12_000,
            help=_("Further requests get the answer 429; 0 means no limit."), **said,
        ),
        Field(
            "intake.posts_per_source", _("Intake: posts per minute of a source"), default=60_000,
            help=_("Further requests get the answer 429; 0 means no limit."), **said,
        ),
        Field(
            "intake.posts_per_address", _("Intake: posts per minute of a source from one address"), default=30_000,
            help=_("Integrations usually send everything from one address; 0 means no limit."), **said,
        ),
        Field(
            "intake.posts_per_visitor", _("Intake: posts per minute from one visitor of a web page"), default=60,
            help=_("Posts that a browser sends from an allowed web origin; 0 means no limit."), **said,
        ),
    )  # fmt: skip
