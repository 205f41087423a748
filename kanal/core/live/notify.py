"""Notifications of transactions on the live channel besides changes of records."""

import json

from django.db import connection

from kanal.core.live.triggers import CHANNEL


def notify(user_ids: list[int], name: str) -> None:
    """Send a name to the open pages of some users after the commit, such as “notifications” (JOB-4)."""
    for start in range(0, len(user_ids), 500):
        payload = json.dumps({"name": name, "users": user_ids[start : start + 500]})
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
