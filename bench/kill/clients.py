"""The clients: each repeats a request until it's acknowledged, and records it."""

import http.client
import json
import random
import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.kill.scene import PASSWORD, Scene

PATIENCE = 600.0
PAUSE = 0.2
SOLD = {200, 404, 409}  # 404 and 409: another client has sold it, and the action is no longer available


class Ended(Exception):
    """Report that the time is up without a response."""


@dataclass
class Acknowledged:
    """Successful responses: raw posts by key, sold opportunities, values of bulk edits by progress."""

    posts: dict[str, int] = field(default_factory=dict)
    sales: set[int] = field(default_factory=set)
    bulk: dict[str, int] = field(default_factory=dict)
    tries: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)
    longest: float = 0.0


class Client(threading.Thread):
    """A thread that repeats a task until it's stopped. It completes the current run."""

    def __init__(self, port: int, scene: Scene, noted: Acknowledged, stop: threading.Event, seed: int) -> None:
        super().__init__(name=f"{type(self).__name__}-{seed}")
        self.port, self.scene, self.noted, self.stop = port, scene, noted, stop
        self.chance = random.Random(seed)

    def run(self) -> None:
        """Work until stopped."""
        while not self.stop.is_set():
            try:
                self.step()
            except Ended as problem:
                self.noted.given_up.append(f"{self.name}: {problem}")

    def step(self) -> None:
        """Run the task once."""
        raise NotImplementedError

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, Any, bytes]:
        """Send a request. A missing response is status 0."""
        self.noted.tries += 1
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            link.request(method, path, body, headers)
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException) as problem:
            return 0, {}, type(problem).__name__.encode()
        finally:
            link.close()

    def until(self, is_done: Callable[[int], bool], *request: Any) -> tuple[int, Any, bytes]:
        """Repeat a request until the response is conclusive."""
        began = time.monotonic()
        while True:
            answer = self.send(*request)
            waited = time.monotonic() - began
            if is_done(answer[0]):
                self.noted.longest = max(self.noted.longest, waited)
                return answer
            kind = str(answer[0] or answer[2].decode())
            self.noted.failures[kind] = self.noted.failures.get(kind, 0) + 1
            if waited > PATIENCE:
                raise Ended(f"{request[1]}: {answer[0]} {answer[2][:300]!r}")
            time.sleep(PAUSE)


class Sender(Client):
    """Post leads to the intake, each with its own key."""

    def step(self) -> None:
        """Post one lead."""
        key = str(uuid.UUID(int=self.chance.getrandbits(128)))
        lead = {"subject": f"Killed {key}", "last_name": key[:8], "email": f"{key}@lead.example"}
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        path = f"/api/v1/intake/{self.scene.source_key}"
        _status, _headers, body = self.until(lambda status: status == 202, "POST", path, json.dumps(lead), headers)
        self.noted.posts[key] = json.loads(body)["id"]
        time.sleep(self.chance.random() * 0.5)


class Seller(Client):
    """Use the action "Sold", occasionally on opportunities already sold by another client."""

    def step(self) -> None:
        """Sell one opportunity."""
        pk = self.chance.choice(self.scene.opportunities)
        if pk in self.noted.sales:
            time.sleep(0.5)
            return
        headers = {
            "Authorization": f"Bearer {self.scene.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.UUID(int=self.chance.getrandbits(128))),
        }
        path = f"/api/v1/opportunities/{pk}/sold"
        status, _headers, body = self.until(lambda status: status in SOLD | {422}, "POST", path, "{}", headers)
        if status == 422:
            raise Ended(f"{path}: {body[:300]!r}")
        self.noted.sales.add(pk)
        time.sleep(self.chance.random())


class Editor(Client):
    """Change all accounts in a bulk job, wait for its end, and repeat."""

    cookies: dict[str, str]
    number = 0

    def sign_in(self) -> None:
        """Create a session."""
        self.cookies = {}
        self.keep(self.until(lambda status: status == 200, "GET", "/login/", None, {})[1])
        form = {"login": "killer", "password": PASSWORD}
        self.keep(self.until(lambda status: status == 302, "POST", "/login/", *self.form(form))[1])

    def keep(self, headers: Any) -> None:
        """Store the cookies of a response."""
        for line in headers.get_all("Set-Cookie") or []:
            name, _sign, rest = line.partition("=")
            self.cookies[name] = rest.split(";")[0]

    def form(self, values: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        """Return the body and the headers of a form post."""
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": jar, "Content-Type": "application/x-www-form-urlencoded"}
        return urlencode({**values, "csrfmiddlewaretoken": self.cookies["csrftoken"]}).encode(), headers

    def step(self) -> None:
        """Change the accounts, and wait for the job to finish."""
        if not self.number:
            self.sign_in()
        self.number += 1
        value = f"City {self.name} {self.number}"
        values = {"everything": "1", "field": "city", "city": value}
        path = "/crm/accounts/data/bulk-edit"
        answer = self.until(lambda status: status in {200, 302, 403}, "POST", path, *self.form(values))
        match = re.fullmatch(r"/progress/(\d+)/?", str(answer[1].get("Location", "")))
        if not match:
            raise Ended(f"{path}: {answer[0]} {answer[1].get('Location')}")
        self.noted.bulk[value] = int(match[1])
        while not self.stop.is_set() and not self.is_done(int(match[1])):
            time.sleep(1)

    def is_done(self, progress: int) -> bool:
        """Return whether the job is done according to the database. False while the database is down."""
        try:
            with psycopg.connect(self.scene.dsn, connect_timeout=5) as connection:
                row = connection.execute("SELECT state FROM core_progress WHERE id = %s", [progress]).fetchone()
        except psycopg.Error:
            return False
        return row is not None and row[0] == "done"
