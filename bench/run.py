"""A run: the measured server, its clients, and the floor measured between all figures."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bench.floor import PATH
from bench.http_client import Client
from bench.results import Budget, Result, timed

FLOOR = "floor"
CSRF = "k" * 32


@dataclass
class Run:
    """The environment of measurements."""

    base: str
    server: int
    repeats: int = 60
    minutes: float = 1.0
    size: str = ""

    def client(self, user: Any = None, **headers: str) -> Client:
        """Return a client signed in as a user."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        cookie = {"Cookie": f"sessionid={session_of(user)}; csrftoken={CSRF}", "X-CSRFToken": CSRF} if user else {}
        return Client(self.base, {"Accept-Encoding": "br, gzip"} | cookie | named)

    def program(self, user: Any) -> Client:
        """Return an API client with a user's token."""
        from kanal.core import tokens

        return Client(self.base, {"Authorization": f"Bearer {tokens.create_token(user, 'bench')}"})

    def page(self, user: Any, path: str, **headers: str) -> Callable[[], Any]:
        """Return a function that requests a page as a user."""
        client = self.client(user, **headers)
        return lambda: client.ask(path)

    def times(self, asks: dict[str, Callable[[], Any]], repeats: int = 0) -> dict[str, list[float]]:
        """Time functions in turn with the floor between them. Each is warmed up in both web processes."""
        floor = Client(self.base)
        asks = {FLOOR: lambda: floor.ask(PATH), **asks}
        for ask in asks.values():
            for _each in range(4):
                ask()
        durations: dict[str, list[float]] = {name: [] for name in asks}
        for _each in range(repeats or self.repeats):
            for name, ask in asks.items():
                began = time.perf_counter()
                ask()
                durations[name].append((time.perf_counter() - began) * 1000)
        return durations

    def judged(
        self, name: str, asks: dict[str, Callable[[], Any]], budgets: dict[str, Budget | None] | Budget | None,
        repeats: int = 0,
    ) -> list[Result]:  # fmt: skip
        """Time functions and compare each with its budget."""
        durations = self.times(asks, repeats)
        limits = budgets if isinstance(budgets, dict) else dict.fromkeys(asks, budgets)
        return [timed(name, what, durations[what], durations[FLOOR], limits.get(what)) for what in asks]


def session_of(user: Any) -> str:
    """Sign in a user and return the session key."""
    from django.test import Client as Inside

    inside = Inside()
    inside.force_login(user)
    return str(inside.cookies["sessionid"].value)


def viewers() -> dict[str, Any]:
    """Return a director, a team lead and a seller without a team."""
    from kanal.core.models import SupervisorPath
    from kanal.entities.people.models import User

    director = User.objects.filter(user_type="director", supervisor=None).order_by("-pk").first()
    lead = User.objects.filter(supervisor=director, pk__in=SupervisorPath.objects.values("supervisor_id")).first()
    seller = User.objects.filter(supervisor=lead or director).order_by("pk").first()
    if director is None or seller is None:
        raise LookupError("The data set has no organization chart: make it by `kanal generate --users …`.")
    return {"director": director, "lead of a team": lead or seller, "seller": seller}


def load_average() -> str:
    """Return the machine's load average."""
    return ", ".join(f"{number:.1f}" for number in os.getloadavg())
