"""What the tests of outages share: a door to the test server that can be shut, and Kanal's web server behind it."""

import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from psycopg.conninfo import conninfo_to_dict


class Door:
    """Hands connections of a port on to the database server, as long as it is open."""

    def __init__(self, target: str) -> None:
        self.target, self.pairs, self.listener = target, [], None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def open(self) -> None:
        """Listen."""
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.serve, args=[self.listener], daemon=True).start()

    def serve(self, listener: socket.socket) -> None:
        """Take connections until the door is shut."""
        while True:
            try:
                outside, _address = listener.accept()
                inside = socket.socket(socket.AF_UNIX)
                inside.connect(self.target)
            except OSError:
                return
            self.pairs.append((outside, inside))
            for source, other in ((outside, inside), (inside, outside)):
                threading.Thread(target=self.pass_on, args=[source, other], daemon=True).start()

    def pass_on(self, source: socket.socket, target: socket.socket) -> None:
        """Copy one direction."""
        try:
            while piece := source.recv(65536):
                target.sendall(piece)
        except OSError:
            pass
        shut(source, target)

    def shut(self) -> None:
        """End all connections and take no more."""
        if self.listener is not None:
            shut(self.listener)
            self.listener.close()
            self.listener = None
        for pair in self.pairs:
            shut(*pair)
        self.pairs.clear()


def shut(*sockets: socket.socket) -> None:
    """End connections, also for those who wait on them."""
    for open_socket in sockets:
        try:
            open_socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue


@pytest.fixture
def door(transactional_db: None) -> Iterator[Door]:
    """Return a door, open, to the test server."""
    parts = conninfo_to_dict(os.environ["DATABASE_URL"])
    door = Door(f"{parts['host']}/.s.PGSQL.{parts.get('port', 5432)}")
    door.open()
    yield door
    door.shut()


@dataclass
class Web:
    """A running `kanal serve`, and what asks it for a page."""

    process: subprocess.Popen[bytes]
    get: Callable[..., tuple[int, Any, str]]


@pytest.fixture
def served(web: Web) -> Callable[..., tuple[int, Any, str]]:
    """Return what asks the web server for a page."""
    return web.get


@pytest.fixture
def web(door: Door, tmp_path: Path) -> Iterator[Web]:
    """Serve the test database through the door by a real web server."""
    from django.db import connection

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user, name = connection.settings_dict["USER"], connection.settings_dict["NAME"]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "KANAL_SECRET_KEY") if name in os.environ}
    environment = {
        **kept, "DATABASE_URL": f"postgresql://{user}@127.0.0.1:{door.port}/{name}?connect_timeout=2",
        "KANAL_DATA": str(tmp_path), "PORT": str(port), "KANAL_WEB_WORKERS": "1", "PYTHONPATH": str(Path.cwd()),
    }  # fmt: skip
    with (tmp_path / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "kanal.config.cli", "serve"], env=environment, stdout=log, stderr=log
        )

        def get(path: str, method: str = "GET", **headers: str) -> tuple[int, Any, str]:
            request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method, headers=headers)
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return answer.status, answer.headers, answer.read().decode()
            except urllib.error.HTTPError as error:
                return error.code, error.headers, error.read().decode()

        yield Web(process, get)
        process.terminate()
        process.wait(30)
