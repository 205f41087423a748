"""The web server of `kanal serve`: granian with the WSGI application in spawned processes (a pool survives no fork)."""

import multiprocessing
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from kanal.config import env
from kanal.config.children import end_with_parent

THREADS = 4
WAITING = 128


def load(target: str) -> Callable[..., Any]:
    """Load the application in a web process, which ends with its parent."""
    end_with_parent()
    from kanal.config.wsgi import application

    return application


def run() -> int:
    """Serve until a signal says stop."""
    environment = env.read()
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "kanal.config.wsgi:application",
        address=environment.host,
        port=environment.port,
        interface=Interfaces.WSGI,
        workers=environment.web_workers,
        blocking_threads=THREADS,
        backpressure=WAITING,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.warning,
    )
    print(f"Kanal serves at http://{environment.host}:{environment.port} until a signal says stop.", flush=True)
    server.serve(target_loader=load)
    return 0
