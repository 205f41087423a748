"""Replays the past: `core.writes` writes at a chosen moment, and the history gets the moments at which things happened.

The clock that Django, the rooms and the actions ask is set back for the length of a step; what the database stamps by
itself, the entries of the history, is dated afterwards by the moment that the actor carries as its request.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.utils import timezone

from kanal.core.actor import Actor, ChangeSource
from kanal.core.context import Context

VERB = "demo"
DATE_HISTORY = """
UPDATE core_change SET at = request_id::timestamptz, request_id = '', verb = CASE verb WHEN 'demo' THEN '' ELSE verb END
WHERE request_id <> ''
"""


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Have it be that moment."""
    real = timezone.now
    timezone.now = lambda: moment
    try:
        with Context.company().active():
            yield
    finally:
        timezone.now = real


def by(user: Any, moment: dt.datetime, means: ChangeSource = ChangeSource.FORM) -> Actor:
    """Return the actor who writes at a moment; the demo asks for no permission."""
    return Actor(user, means, request_id=moment.isoformat()).within_action(VERB)  # permitted: it is the demo


def date_history() -> None:
    """Give the entries of the history the moments at which their actors acted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kanal.redact', 'on', true)")
        cursor.execute(DATE_HISTORY)
        cursor.execute("SELECT set_config('kanal.redact', '', true)")
