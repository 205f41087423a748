"""One hub per process: one connection listens to the database, one thread checks access, all open pages are served."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.contrib.sessions.models import Session
from django.db import Error, connection
from django.utils import timezone

from kanal.core.cache import invalidate
from kanal.core.live import authorization, listener
from kanal.core.live.clients import CLOSE, STALE, Client
from kanal.core.live.coalescing import Batch
from kanal.core.models import Change

log = logging.getLogger("kanal.live")
T = TypeVar("T")
GATHER_SECONDS = 0.15
CHECK_SECONDS = 2.0
CATCH_UP = 5000


class Hub:
    """The open pages of a process, and the tasks that serve them while there are any."""

    def __init__(self) -> None:
        """Initialize without pages and tasks."""
        self.clients: set[Client] = set()
        self.users: dict[int, Any] = {}
        self.batch = Batch()
        self.told = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []
        self.at = 0
        self.direct_url = ""
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="kanal-live")
        self.admission = ThreadPoolExecutor(max_workers=2, thread_name_prefix="kanal-live-admission")

    async def ask(self, function: Callable[..., T], *given: Any, new: bool = False) -> T:
        """Run a function that reads the database in the hub's thread, close its connection, and return the result.

        New pages use separate threads, so that many at once don't delay messages.
        """

        def run() -> T:
            try:
                return function(*given)
            finally:
                connection.close()

        return await asyncio.get_running_loop().run_in_executor(self.admission if new else self.thread, run)

    async def join(self, client: Client) -> None:
        """Add a page, and send it the changes since it was rendered."""
        if not self.tasks:
            self.told = asyncio.Event()
            self.tasks = [asyncio.create_task(task()) for task in (self.hear, self.deliver, self.check)]
        self.clients.add(client)
        if client.user_id not in self.users:
            self.users |= await self.ask(authorization.read_users, [client.user_id])
        self.at = self.at or client.since
        if client.since and (missed := await self.ask(missed_since, client.since)):
            await self.send(missed, [client])

    async def leave(self, client: Client) -> None:
        """Remove a page. With the last one of the process all tasks stop."""
        self.clients.discard(client)
        if client.user_id not in {other.user_id for other in self.clients}:
            self.users.pop(client.user_id, None)
        if not self.clients:
            await self.stop()

    def close(self) -> None:
        """Close all streams when the server stops. Called from another thread."""
        if self.tasks:
            loop = self.tasks[0].get_loop()
            for client in list(self.clients):
                loop.call_soon_threadsafe(client.put, CLOSE)

    async def stop(self) -> None:
        """End all tasks, including the listening connection."""
        tasks, self.tasks = self.tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.batch, self.users = Batch(), {}

    async def hear(self) -> None:
        """Listen indefinitely. Catch up on missed changes whenever listening begins."""

        async def receive(message: dict[str, Any]) -> None:
            if message == listener.BEGUN:
                await self.catch_up()
            self.add(message)

        await listener.follow(listener.connection_url(self.direct_url), receive, self.look, log)

    async def catch_up(self) -> None:
        """Send all pages the changes made while nothing was listening."""
        if self.at and (missed := await self.ask(missed_since, self.at)):
            await self.send(missed, list(self.clients))

    async def look(self) -> None:
        """Poll for changes once a second, indefinitely."""
        looking = await self.ask(listener.Poller)
        while True:
            await asyncio.sleep(listener.LOOK_SECONDS)
            for message in await self.ask(looking.look):
                self.add(message)

    def add(self, message: dict[str, Any]) -> None:
        """Add one message from the database."""
        self.batch.add(message)
        if self.batch:
            self.told.set()

    async def deliver(self) -> None:
        """Collect messages for a moment, then send each page its permitted ones, indefinitely."""
        while True:
            await self.told.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self.told.clear()
            batch, self.batch = self.batch, Batch()
            try:
                await self.send(batch, list(self.clients))
            except Exception as problem:
                # continue with the next message in any case, and pages know that one is missing
                log.warning("the live channel could not tell of a change", exc_info=not isinstance(problem, Error))
                for client in list(self.clients):
                    client.put(STALE)

    async def send(self, batch: Batch, clients: Iterable[Client]) -> None:
        """Check access for a batch and queue the messages. Reload permissions after they have changed."""
        clients = list(clients)
        if batch.rights:
            invalidate()
            self.users = await self.ask(authorization.read_users, [client.user_id for client in self.clients])
        self.at = max(self.at, batch.at)
        for client, message in await self.ask(authorization.answers, batch, clients, self.users):
            client.put(message if message is None else {**message, "at": self.at})

    async def check(self) -> None:
        """End the streams of pages whose session, account or password changed, indefinitely."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            clients = list(self.clients)
            try:
                ended = await self.ask(ended_sessions, clients)
            except Exception as problem:
                log.warning("the live channel could not look at sessions", exc_info=not isinstance(problem, Error))
                continue
            for client in clients:
                if client in ended:
                    client.put(None)


def ended_sessions(clients: list[Client]) -> set[Client]:
    """Return the pages whose session has ended, or whose user was deactivated or has a new password."""
    keys = {client.session_key for client in clients if client.session_key}
    live = Session.objects.filter(pk__in=keys, expire_date__gt=timezone.now())
    sessions = set(live.values_list("pk", flat=True))
    users = authorization.read_users(client.user_id for client in clients)
    return {
        client
        for client in clients
        if client.user_id not in users
        or (client.session_key and client.session_key not in sessions)
        or (client.password and users[client.user_id].password != client.password)
    }


def missed_since(at: int) -> Batch:
    """Return all changes after the last reported one."""
    batch = Batch()
    rows = Change.objects.filter(pk__gt=at).order_by("pk")
    columns = ("entity", "kind", "record_id", "actor_id", "pk")
    changes = list(rows.values_list(*columns)[: CATCH_UP + 1])
    if len(changes) > CATCH_UP:
        batch.everything = True
    for key, kind, record, actor, pk in changes[:CATCH_UP]:
        batch.add({"type": key, "kind": kind, "ids": [record], "by": actor, "at": pk})
    batch.rights = False
    return batch


def newest_change() -> int:
    """Return the id of the newest change, the start for a page that opens now."""
    return Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


HUB = Hub()
