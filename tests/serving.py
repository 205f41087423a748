"""Real web servers on the test database, each with its own processes. Loaded by tests that need one."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

KEPT = ("PATH", "HOME", "KANAL_SECRET_KEY")
PATIENCE = 120


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A handler that doesn't follow redirects."""

    def redirect_request(self, *given: Any, **named: Any) -> None:
        """Return None."""


@dataclass(frozen=True)
class Answer:
    """The response of a server."""

    status: int
    text: str

    @property
    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.text)


@dataclass
class Server:
    """A running `kanal serve`."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    def request(self, method: str, path: str, data: Any = None, *, token: str = "", session: str = "") -> Any:
        """Return a request to this server, with a token or a session."""
        headers = {"Content-Type": "application/json"}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"} if session else {}
        body = None if data is None else json.dumps(data).encode()
        url = f"http://127.0.0.1:{self.port}{quote(path, safe='/?=&:(),;!*.%')}"
        return urllib.request.Request(url, body, headers, method=method)

    def ask(self, method: str, path: str, data: Any = None, **who: str) -> Answer:
        """Send a request and return its response, without following redirects."""
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(self.request(method, path, data, **who), timeout=60) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read().decode())

    def wait(self) -> None:
        """Wait until it responds."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.ask("GET", "/healthz").status == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(self.log.read_text())


@contextmanager
def serving(folder: Path, processes: int = 1) -> Iterator[Server]:
    """Serve the test database by a server with its own data folder."""
    from django.db import connection

    given = connection.settings_dict
    parts = urlsplit(os.environ["DATABASE_URL"])
    address = f"postgresql://{given['USER']}@/{given['NAME']}?{parts.query}" if parts.query else parts._replace(
        path=f"/{given['NAME']}"
    ).geturl()  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder.mkdir(parents=True, exist_ok=True)
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "DATABASE_URL": address, "KANAL_DATA": str(folder), "PORT": str(port), "PYTHONPATH": str(Path.cwd()),
        "KANAL_WEB_WORKERS": str(processes), "KANAL_DEBUG": "1",  # otherwise pages require collected static files
    }  # fmt: skip
    log = folder / "web.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "kanal.config.cli", "serve"], env=environment, stdout=file, stderr=file
        )
        try:
            server = Server(process, port, log)
            server.wait()
            yield server
        finally:
            process.terminate()
            process.wait(30)
