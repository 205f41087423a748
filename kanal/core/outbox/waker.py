"""Hear of changes in the worker and queue deliveries: LISTEN on one connection, or a look once a second."""

import asyncio
import logging
import threading
from typing import Any

import psycopg
from django.db import Error, connection

from kanal.core.events import subscriptions
from kanal.core.live import listener
from kanal.core.outbox.delivery import wake_subscriber
from kanal.core.outbox.positions import begin_positions

log = logging.getLogger("kanal.outbox")
GATHER_SECONDS = 0.3
LONGEST_PAUSE = 10.0


class Waker:
    """The keys of the subscribers to wake, and the tasks that gather and wake them."""

    def __init__(self) -> None:
        """Begin with everybody: something may have been committed while no worker ran."""
        self.keys_of_kind: dict[str, set[str]] = {}
        for subscription in subscriptions():
            for kind in subscription.kinds:
                self.keys_of_kind.setdefault(kind, set()).add(subscription.key)
        self.everybody = {subscription.key for subscription in subscriptions()}
        self.due = set(self.everybody)
        self.heard = asyncio.Event()

    def add(self, message: dict[str, Any]) -> None:
        """Take in one message of the database."""
        if message == listener.BEGUN:
            self.due |= self.everybody
        self.due |= self.keys_of_kind.get(f"{message.get('type')}.{message.get('kind')}", set())
        if self.due:
            self.heard.set()

    async def hear(self) -> None:
        """Listen for ever; after a loss again, later each time."""
        pause = 0.5
        while True:
            try:
                async for message in listener.listen(listener.connection_url()):
                    pause = 0.5
                    self.add(message)
            except listener.Pooled:
                await self.look()
            except (psycopg.Error, OSError) as problem:
                log.warning("the delivery of events lost the database: %s", problem)
            except Exception:
                log.exception("the delivery of events stumbled while it listened")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def look(self) -> None:
        """Wake everybody once a second, for ever: no notifications arrive through a pooler."""
        while True:
            self.add(listener.BEGUN)
            await asyncio.sleep(listener.LOOK_SECONDS)

    async def wake(self) -> None:
        """Wake those who are due, at most a few times a second, for ever."""
        while True:
            await self.heard.wait()
            self.heard.clear()
            due, self.due = self.due, set()
            try:
                await asyncio.to_thread(wake_all, due)
            except Exception as problem:
                # whatever it was, the next message is heard, and the job of the next minute queues what is missing
                log.warning("no delivery could be queued: %s", problem, exc_info=not isinstance(problem, Error))
            await asyncio.sleep(GATHER_SECONDS)

    async def run(self) -> None:
        """Hear and wake for ever."""
        await asyncio.gather(self.hear(), self.wake())


def wake_all(keys: set[str]) -> None:
    """Wake some subscribers on a connection that ends with it."""
    try:
        begin_positions()
        for subscription in subscriptions():
            if subscription.key in keys:
                wake_subscriber(subscription)
    finally:
        connection.close()


def start_waker() -> None:
    """Hear of changes in a thread that ends with the process, if anybody has subscribed."""
    if subscriptions():
        threading.Thread(target=lambda: asyncio.run(Waker().run()), name="kanal-outbox", daemon=True).start()
