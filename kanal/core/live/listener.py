"""The source of changes for the channel: LISTEN on a direct connection, or polling every second behind a pooler."""

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import psycopg
from django.db import Error, connection
from psycopg.conninfo import make_conninfo

from kanal.core.live.triggers import CHANNEL
from kanal.core.models import Change, Progress

log = logging.getLogger("kanal.live")
PROOF_SECONDS = 2.0
LOOK_SECONDS = 1.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
BEGUN = {"rights": True}
Told = dict[str, Any]


class Pooled(Exception):
    """The connection uses a pooler that doesn't forward notifications."""


def connection_url(direct_url: str = "") -> str:
    """Return the URL of the direct connection: the configured one, or that of the pages."""
    if direct_url:
        return direct_url
    given = connection.settings_dict
    known = {"dbname": given["NAME"], "user": given["USER"], "password": given["PASSWORD"],
             "host": given["HOST"], "port": given["PORT"]}  # fmt: skip
    options = {name: value for name, value in given["OPTIONS"].items() if isinstance(value, str)}
    return make_conninfo(**{name: value for name, value in {**options, **known}.items() if value})


async def listen(url: str) -> AsyncIterator[Told]:
    """Yield the database's messages. Raise Pooled if none would arrive, and a psycopg error on a lost connection."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True, application_name="kanal live") as link:
        await link.execute(f"LISTEN {CHANNEL}")
        proof = secrets.token_hex(8)
        await prove(url, proof)
        try:
            async with asyncio.timeout(PROOF_SECONDS):
                async for notice in link.notifies():
                    message = parse_message(notice.payload)
                    if message.get("proof") == proof:
                        break
                    yield message
        except TimeoutError:
            raise Pooled from None
        yield BEGUN
        async for notice in link.notifies():
            yield parse_message(notice.payload)


async def follow(
    url: str, receive: Callable[[Told], Awaitable[None]], look: Callable[[], Awaitable[None]], log: logging.Logger
) -> None:
    """Pass each message of the database to `receive`, indefinitely. After a lost connection, retry with growing pauses.

    `look` runs instead if no notifications arrive.
    """
    pause = SHORTEST_PAUSE
    while True:
        try:
            async for message in listen(url):
                if message == BEGUN:
                    pause = SHORTEST_PAUSE
                await receive(message)
        except Pooled:
            log.info("no notifications arrive here, looking once a second: is KANAL_DIRECT_DATABASE_URL set?")
            await look()
        except (psycopg.Error, OSError, Error) as problem:
            log.warning("the connection that listens to the database was lost: %s", problem)
        except Exception:
            log.exception("a message of the database could not be processed")
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def prove(url: str, proof: str) -> None:
    """Send a message on another connection that must arrive at the listening one."""
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as other:
        await other.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"proof": proof})])


def parse_message(payload: str) -> Told:
    """Parse a message from the database. Return an empty dict for invalid ones."""
    try:
        message = json.loads(payload)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


class Poller:
    """Polls the history and long-running work for changes. Ids committed up to ten polls late are found too."""

    def __init__(self) -> None:
        """Start after everything that already exists."""
        newest = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.floors = [newest]
        self.known: set[int] = set()
        self.work: dict[int, tuple[str, int]] = dict(self.read_work())

    @staticmethod
    def read_work() -> list[tuple[int, tuple[str, int]]]:
        """Return the progress of the newest pieces of work."""
        rows = Progress.objects.order_by("-pk").values_list("pk", "state", "done")[:100]
        return [(pk, (state, done)) for pk, state, done in rows]

    def look(self) -> list[Told]:
        """Return the changes since the last poll."""
        rows = Change.objects.filter(pk__gt=self.floors[0]).order_by("pk")
        columns = ("pk", "entity", "kind", "record_id", "actor_id")
        fresh = [row for row in rows.values_list(*columns)[:5000] if row[0] not in self.known]
        self.known.update(row[0] for row in fresh)
        self.floors = [*self.floors, max([self.floors[-1], *(row[0] for row in fresh)])][-10:]
        self.known = {pk for pk in self.known if pk > self.floors[0]}
        messages: list[Told] = [
            {"type": entity, "kind": kind, "ids": [record], "by": actor, "at": pk}
            for pk, entity, kind, record, actor in fresh
        ]
        work = dict(self.read_work())
        messages += [{"work": pk} for pk, state in work.items() if self.work.get(pk) != state]
        self.work = work
        return [*messages, {"rights": True}]
