"""Replay of the past: `core.writes` writes at a chosen moment, and history entries are dated accordingly.

The clock that Django, record types and actions use is set back for a step. Timestamps set by the database, those of
the history, are corrected afterwards with the moment that the actor stores as its request id.
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
    """Set the clock to a moment for a block."""
    real = timezone.now
    timezone.now = lambda: moment
    try:
        with Context.company().active():
            yield
    finally:
        timezone.now = real


def replay_actor(user: Any, moment: dt.datetime, means: ChangeSource = ChangeSource.FORM) -> Actor:
    """Return the actor for writes at a moment. The demo checks no permissions."""
    return Actor(user, means, request_id=moment.isoformat()).within_action(VERB)  # permitted: the demo


def date_history() -> None:
    """Set the timestamps of history entries to the moments of their actors."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kanal.redact', 'on', true)")
        cursor.execute(DATE_HISTORY)
        cursor.execute("SELECT set_config('kanal.redact', '', true)")
