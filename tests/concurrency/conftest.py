"""People and requests that act at the same moment, each in a thread with a connection of its own."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from kanal.core import events, registry
from kanal.core.models import DeliveryPosition
from kanal.core.outbox import positions
from kanal.kit.registries import unfrozen
from tests.pristine import renew

PATIENCE = 60
LISTENER = "listener"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Return the tests of a module one database to which they commit; the next module gets a new one."""
    with django_db_blocker.unblock():
        yield
        renew()


@pytest.fixture
def db(committed: None) -> None:
    """Let what a test stores be seen by other connections, instead of keeping it in a transaction."""


@pytest.fixture(autouse=True)
def _stored(db: None) -> None:
    """Give every test here such a database."""


class Together:
    """Functions that run at once: each in a thread, all let go by one barrier; what they give or raise is kept."""

    def __init__(self, *calls: Callable[[], Any]) -> None:
        self.outcomes: list[Any] = [None] * len(calls)
        self.start = threading.Barrier(len(calls))
        self.threads = [threading.Thread(target=self.run, args=pair) for pair in enumerate(calls)]
        for thread in self.threads:
            thread.start()

    def run(self, place: int, call: Callable[[], Any]) -> None:
        """Run one of them."""
        try:
            self.start.wait(PATIENCE)
            self.outcomes[place] = call()
        except Exception as problem:
            self.outcomes[place] = problem
        finally:
            connections.close_all()

    def running(self) -> int:
        """Count those that have not ended."""
        return sum(thread.is_alive() for thread in self.threads)

    def end(self) -> list[Any]:
        """Wait for all; one that hangs is a failure."""
        for thread in self.threads:
            thread.join(PATIENCE)
        assert not self.running(), "hangs"
        return self.outcomes


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Run functions at once: `at_once(f, g)` gives what each gave or raised."""
    return lambda *calls: Together(*calls).end()


@pytest.fixture
def collide() -> Callable[..., list[Any]]:
    """Run functions that all read what is old: a row is held until each waits for it or has ended.

    `collide(record, f, g)` gives what each gave or raised.
    """

    def run(record: Any, *calls: Callable[[], Any]) -> list[Any]:
        holder = connection.copy()
        try:
            holder.set_autocommit(False)
            with holder.cursor() as cursor:
                cursor.execute(
                    f"SELECT 1 FROM {record._meta.db_table} WHERE {record._meta.pk.column} = %s FOR UPDATE", [record.pk]
                )
                assert cursor.fetchone()
            together = Together(*calls)
            while together.running() > waiting():
                pass
            holder.rollback()
            return together.end()
        finally:
            holder.close()

    return run


def waiting() -> int:
    """Count the connections that wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


@pytest.fixture
def browser_of() -> Callable[[Any], Client]:
    """Return a browser in which a user is signed in; a fault of the server is an answer, not an exception."""

    def signed_in(user: Any) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def call_of() -> Callable[[Any], Callable[..., Any]]:
    """Return a caller of the API with a token of its own: `call_of(user)("POST", "/leads/1/take", {…})`."""
    from kanal.core import tokens

    def caller(user: Any) -> Callable[..., Any]:
        client, token = Client(raise_request_exception=False), tokens.create_token(user, "test")

        def call(method: str, path: str, data: Any = None, **head: str) -> Any:
            headers = {
                "Authorization": f"Bearer {token}",
                **{key.replace("_", "-"): value for key, value in head.items()},
            }
            return client.generic(
                method, f"/api/v1{path}", json.dumps(data or {}), content_type="application/json",
                headers=headers,
            )  # fmt: skip

        return call

    return caller


@pytest.fixture
def anew() -> Callable[[Any], Any]:
    """Read a record as it stands now."""

    def read(record: Any) -> Any:
        entity = registry.of(record)
        assert entity is not None
        return entity.model._default_manager.get(pk=record.pk)

    return read


def subscribe_instead(function: Callable[..., None], *names: str, **options: Any) -> None:
    """Put another subscription in the place of the listener's."""
    others = {key: subscription for key, subscription in events._subscriptions.snapshot().items() if key != LISTENER}
    events._subscriptions.restore(others)
    events.subscribe(LISTENER, names or ["ships.*"], function, label="Listener", **options)


@pytest.fixture
def delivered(db: None) -> Iterator[list[Any]]:
    """Subscribe to all changes of ships; return the list to which each delivered change is added."""
    heard: list[Any] = []
    with unfrozen():
        events.subscribe(LISTENER, ["ships.*"], heard.extend, label="Listener")
        positions.begin_positions()
        yield heard
    DeliveryPosition.objects.filter(subscriber=LISTENER).delete()
    ProcrastinateJob.objects.filter(lock__startswith=f"deliver:{LISTENER}").delete()
