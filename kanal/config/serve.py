"""The web server of `kanal serve`: granian with the ASGI app in spawned processes (pools don't survive a fork)."""

import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from kanal.config import env
from kanal.config.processes import end_with_parent

OPEN_CONNECTIONS = 4096
CHECKED_EVERY = 1.0
MISSING_FOR = 8.0
COLLECT_AFTER = 20_000


class Server(MPServer):
    """The server, which closes the live channel's streams before it waits for open requests.

    It signals that by closing a pipe. A `multiprocessing` event would wait for processes that were killed.
    """

    def __init__(self, connection: Connection, **given: Any) -> None:
        """Store the end of the pipe that the web processes listen to."""
        super().__init__("kanal.config.asgi:application", **given)
        self.told, self.stopping = connection, threading.Event()

    def startup(self, *given: Any) -> None:
        """Start the web processes and monitor them."""
        super().startup(*given)
        threading.Thread(target=end_when_incomplete, args=(self,), daemon=True, name="watching").start()

    def shutdown(self, exit_code: int = 0) -> None:
        """Signal the shutdown, then stop."""
        self.stopping.set()
        self.told.close()
        super().shutdown(exit_code)


def end_when_incomplete(server: Any, leave: Callable[[int], Any] = os._exit) -> None:
    """Stop the server if web processes stay missing, so that its parent restarts it completely.

    granian can miss the end of one of two processes that die at the same moment, and would continue without it.
    """
    whole = time.monotonic()
    while not server.stopping.wait(CHECKED_EVERY):
        now = time.monotonic()
        if sum(worker.is_alive() for worker in list(server.wrks)) >= server.workers:
            whole = now
        elif now - whole > MISSING_FOR:
            print("Web processes ended and did not restart, so the server stops too.", flush=True)
            leave(1)
            return


def load_application(listening: Connection, target: str) -> Callable[..., Any]:
    """Load the application in a web process, which closes its streams when the other end of a pipe is closed.

    The process ends with its parent immediately: nothing would stop it later if it waited for open requests.
    """
    end_with_parent(signal.SIGKILL)
    from kanal.config.asgi import HUB, application

    spare_collections()

    def watch() -> None:
        with suppress(EOFError):
            listening.recv()
        HUB.close()

    threading.Thread(target=watch, daemon=True, name="stopping").start()
    return application


def spare_collections() -> None:
    """Exclude the program from garbage collection, and collect less often: it takes a tenth of a page's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


def run_server() -> int:
    """Serve until a stop signal is received."""
    environment = env.read_environment()
    multiprocessing.set_start_method("spawn", force=True)
    env.use_metrics(environment.data / "metrics" / str(environment.port))
    listening, connection = multiprocessing.Pipe(duplex=False)
    server = Server(
        connection,
        address=environment.host,
        port=environment.port,
        interface=Interfaces.ASGINL,
        workers=environment.web_workers,
        backpressure=OPEN_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.warning,
    )
    print(
        f"Kanal is running at http://{environment.host}:{environment.port} until it receives a stop signal.", flush=True
    )
    server.serve(target_loader=partial(load_application, listening))
    return 0
