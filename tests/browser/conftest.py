"""What tests of operations begin with: users with the built-in roles, pages of theirs, waiting jobs, pictures."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from kanal.core import registry, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.models import Assignment, Role
from tests import pristine
from tests.browsing import pages_of

numbers = count(1)
PICTURES = Path("test-results") / "pictures"


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Serve the application to a module's tests, on a database that they share; return its address.

    The tests make what they need and look at nothing else, so a copy of the database for each is not needed.
    """
    with django_db_blocker.unblock():
        server = LiveServer("localhost")
        server._live_server_modified_settings.enable()
        yield server.url
        server._live_server_modified_settings.disable()
        server.stop()
        pristine.renew()


@pytest.fixture
def new_page(browser: Any, office: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Open pages: `new_page(user=…, width=…, height=…, theme="light" | "dark")`; an error in a page fails the test."""
    with pages_of(browser, office, request) as open_page:
        yield open_page


@pytest.fixture
def make(office: str) -> Callable[..., Any]:
    """Make a record of any type by the system: `make("leads", subject="Boat")`."""

    def create(key: str, **values: Any) -> Any:
        return writes.create(registry.get(key), values, by=SYSTEM)

    return create


@pytest.fixture
def make_user(make: Callable[..., Any]) -> Callable[..., Any]:
    """Make a user with built-in roles: `make_user("representative", partner=…)`."""

    def create(*roles: str, **values: Any) -> Any:
        number = next(numbers)
        names = {"first_name": "Siri", "last_name": f"Solberg {number}", "username": f"user{number}"}
        user = make("users", **{**names, "email": f"user{number}@kanal.example", **values})
        for key in roles:
            Assignment.objects.create(role=Role.objects.get(key=key), user=user)
        rebuild_grants()
        invalidate()
        return user

    return create


@pytest.fixture
def seller(make_user: Callable[..., Any]) -> Any:
    """Return a sales representative."""
    return make_user("representative")


@pytest.fixture
def admin(make_user: Callable[..., Any]) -> Any:
    """Return an administrator."""
    return make_user(user_type="administrator")


@pytest.fixture
def desk(new_page: Callable[..., Any], admin: Any) -> Any:
    """Open a page of an administrator."""
    return new_page(user=admin)


@pytest.fixture
def run_jobs(office: str) -> Callable[[], None]:
    """Do the waiting jobs as a worker does, until none is left."""
    from procrastinate.contrib.django import app

    troubles: list[BaseException] = []

    def work() -> None:
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as worker:
                worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
        except BaseException as problem:
            troubles.append(problem)

    def run() -> None:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(60)
        assert not thread.is_alive(), "the jobs do not end"
        assert not troubles, troubles

    return run


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Any, str], None]:
    """Keep a picture of a page if KANAL_PICTURES is set: `picture(page, "quote")`."""
    steps = count(1)

    def keep(page: Any, name: str) -> None:
        if os.environ.get("KANAL_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            test = re.sub(r"[^\w-]+", "-", request.node.name)
            page.screenshot(path=PICTURES / f"{test}-{next(steps):02d}-{name}.png", full_page=True)

    return keep
