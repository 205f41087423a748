"""Listens for changes in the worker and queues deliveries: LISTEN on one connection, or polling every second."""

import asyncio
import logging
import threading
from typing import Any

from django.db import Error, connection

from kanal.core.events import subscriptions
from kanal.core.live import listener
from kanal.core.outbox.delivery import wake_subscriber
from kanal.core.outbox.positions import begin_positions

log = logging.getLogger("kanal.outbox")
GATHER_SECONDS = 0.3


class Waker:
    """The keys of the subscribers to wake, and the tasks that collect and wake them."""

    def __init__(self) -> None:
        """Start with all subscribers: something may have been committed while no worker was running."""
        self.keys_of_kind: dict[str, set[str]] = {}
        for subscription in subscriptions():
            for kind in subscription.kinds:
                self.keys_of_kind.setdefault(kind, set()).add(subscription.key)
        self.everybody = {subscription.key for subscription in subscriptions()}
        self.due = set(self.everybody)
        self.heard = asyncio.Event()

    async def receive(self, message: dict[str, Any]) -> None:
        """Add one message from the database."""
        if message == listener.BEGUN:
            self.due |= self.everybody
        self.due |= self.keys_of_kind.get(f"{message.get('type')}.{message.get('kind')}", set())
        if self.due:
            self.heard.set()

    async def look(self) -> None:
        """Wake all subscribers once a second, indefinitely: no notifications arrive through a pooler."""
        while True:
            await self.receive(listener.BEGUN)
            await asyncio.sleep(listener.LOOK_SECONDS)

    async def wake(self) -> None:
        """Wake the due subscribers, at most a few times a second, indefinitely."""
        while True:
            await self.heard.wait()
            self.heard.clear()
            due, self.due = self.due, set()
            try:
                await asyncio.to_thread(wake_all, due)
            except Exception as problem:
                # continue with the next message in any case; the job of the next minute queues what is missing
                log.warning("no delivery could be queued: %s", problem, exc_info=not isinstance(problem, Error))
            await asyncio.sleep(GATHER_SECONDS)

    async def run(self) -> None:
        """Listen and wake indefinitely."""
        await asyncio.gather(listener.follow(listener.connection_url(), self.receive, self.look, log), self.wake())


def wake_all(keys: set[str]) -> None:
    """Wake some subscribers on a temporary connection."""
    try:
        begin_positions()
        for subscription in subscriptions():
            if subscription.key in keys:
                wake_subscriber(subscription)
    finally:
        connection.close()


def start_waker() -> None:
    """Listen for changes in a thread that ends with the process, if there are subscribers."""
    if subscriptions():
        threading.Thread(target=lambda: asyncio.run(Waker().run()), name="kanal-outbox", daemon=True).start()
