"""Load test of the live channel: many open pages, latency from commit to arrival, losses, and connections.

Run it next to a running installation: `python -m bench.live http://127.0.0.1:8000 --clients 500 --changes 40`. It uses
the database in DATABASE_URL, signs in all internal users, and changes leads by the write path.
"""

import argparse
import asyncio
import json
import statistics
import time
from typing import Any
from urllib.parse import urlsplit

import django

LONGEST = 20


async def stream(base: str, cookie: str, arrivals: dict[int, list[float]], ready: asyncio.Semaphore) -> None:
    """Open a page's stream and record when each change arrives."""
    parts = urlsplit(base)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    lines = ("GET /live?on=leads HTTP/1.1", f"Host: {parts.netloc}", f"Cookie: sessionid={cookie}", "", "")
    writer.write("\r\n".join(lines).encode())
    while line := await reader.readline():
        if line.startswith(b"event: ready"):
            ready.release()
        elif line.startswith(b"data: {"):
            at = time.perf_counter()
            for pk in json.loads(line[6:]).get("changed", ()):
                arrivals.setdefault(pk, []).append(at)


def cookies(number: int) -> tuple[list[str], list[int]]:
    """Sign in administrators and others in turn. Return the session and user id of each page."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    users = list(get_user_model()._default_manager.filter(is_active=True, partner=None))
    session_keys, whose = [], []
    for place in range(min(number, len(users) * 28)):
        client = Client()
        client.force_login(users[place % len(users)])
        session_keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
        whose.append(users[place % len(users)].pk)
    return session_keys, whose


def seen_by(whose: list[int], pk: int) -> int:
    """Return the number of pages whose users see a lead, and must be notified."""
    from django.contrib.auth import get_user_model

    from kanal.core import access, registry

    leads = registry.get("leads")
    users = get_user_model()._default_manager.filter(pk__in=set(whose))
    seeing = {user.pk for user in users if access.visible_to(user, leads).filter(pk=pk).exists()}
    return sum(viewer in seeing for viewer in whose)


def change(pk: int) -> float:
    """Change a lead by the write path. Return the moment of the commit."""
    from django.db import connection

    from kanal.core import registry, writes
    from kanal.core.actor import SYSTEM

    lead = registry.get("leads").model._default_manager.get(pk=pk)
    writes.change(lead, {"priority": ((lead.priority or 0) + 1) % 100}, by=SYSTEM)
    at = time.perf_counter()
    connection.close()
    return at


def listeners() -> tuple[int, int]:
    """Return the number of listening connections, and of all connections to this database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE application_name = 'kanal live'), count(*) FROM pg_stat_activity"
            " WHERE datname = current_database()"
        )
        return cursor.fetchone()


async def change_one(pk: int, wanted: int, arrivals: dict[int, list[float]]) -> list[float]:
    """Change a lead and wait until all subscribers are notified. Return their latencies."""
    arrivals.pop(pk, None)
    at = await asyncio.to_thread(change, pk)
    for _each in range(LONGEST * 10):
        await asyncio.sleep(0.1)
        if len(arrivals.get(pk, ())) >= wanted:
            break
    await asyncio.sleep(0.5)
    return [arrival - at for arrival in arrivals.get(pk, [])]


async def measure(base: str, number: int, changes: int) -> dict[str, Any]:
    """Open the pages, change leads one by one, and return the figures."""
    from kanal.core import registry

    sessions, whose = await asyncio.to_thread(cookies, number)
    arrivals: dict[int, list[float]] = {}
    ready = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(stream(base, session, arrivals, ready)) for session in sessions]
    for _each in sessions:
        await asyncio.wait_for(ready.acquire(), 120)
    await asyncio.sleep(5)
    model = registry.get("leads").model
    ids = await asyncio.to_thread(lambda: list(model._default_manager.values_list("pk", flat=True)[:changes]))
    waits: list[float] = []
    expected = 0
    for pk in ids:
        wanted = await asyncio.to_thread(seen_by, whose, pk)
        waits += await change_one(pk, wanted, arrivals)
        expected += wanted
    connections = await asyncio.to_thread(listeners)
    for task in tasks:
        task.cancel()
    waits.sort()
    return {
        "pages": len(sessions),
        "expected": expected,
        "messages": len(waits),
        "lost": expected - len(waits),
        "p50_ms": round(statistics.median(waits) * 1000),
        "p95_ms": round(waits[int(len(waits) * 0.95)] * 1000),
        "most_ms": round(waits[-1] * 1000),
        "listening": connections[0],
        "connections": connections[1],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base")
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--changes", type=int, default=20)
    given = parser.parse_args()
    django.setup()
    print(json.dumps(asyncio.run(measure(given.base, given.clients, given.changes))))


if __name__ == "__main__":
    main()
