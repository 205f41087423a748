"""`kanal run`: one process that sets up, starts PostgreSQL, web and worker, keeps them running and stops them."""

import errno
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import IO

from kanal.config import embedded, env
from kanal.config.console import probe, step
from kanal.config.processes import Child, end_with_parent

START_SECONDS = 60
CRASHES_ALLOWED = 3
LARGEST_LOG = 20 * 1024**2
DEMO_USERS = "admin, director, seller, partner, support"


class Stopped(BaseException):
    """A signal requested Kanal to stop."""


def run_supervisor() -> int:
    """Serve Kanal from this data folder until a stop signal is received."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        environment = env.read_environment()
        with alone(environment):
            check_port(environment.host, environment.port)
            with database(environment) as url:
                env.use_database(url)
                serve(environment)
    except Stopped:
        print("\n  Kanal has stopped; its data is kept.", flush=True)
    return 0


def interrupt(number: int, frame: FrameType | None) -> None:
    """Convert the first signal to an exception. Further signals during shutdown have no effect."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Stopped


@contextmanager
def alone(environment: env.Env) -> Iterator[None]:
    """Hold the data folder's lock, or report who holds it."""
    path = environment.data / "run.lock"
    with env.writing(environment.data):
        file = path.open("a+")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise env.SetupError(
                f"Kanal already runs on the data folder {environment.data} ({path.read_text().strip() or 'starting'}): "
                "stop it with Ctrl-C in its window, or set KANAL_DATA to another folder and PORT to another port."
            ) from error
        file.truncate(0)
        file.write(f"process {os.getpid()}, {browser_url(environment)}\n")
        file.flush()
        yield
        file.truncate(0)


def check_port(host: str, port: int) -> None:
    """Raise an error if the port can't be listened on."""
    try:
        family, kind, _, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attempt.bind(target)
    except socket.gaierror as error:
        raise env.SetupError(f"KANAL_HOST is {host!r}, which is not an address of this machine.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"Port {port} is in use by another program: stop that, or choose another, as in PORT={port + 1}."
        else:
            message = f"Port {port} of {host} can't be listened on ({error.strerror}): set PORT to another one."
        raise env.SetupError(message) from error


@contextmanager
def database(environment: env.Env) -> Iterator[str]:
    """Return the URL of the database. The embedded server runs for the block unless DATABASE_URL is set."""
    if environment.database_url:
        with step("Database"):
            probe(environment.database_url)
        yield environment.database_url
        return
    try:
        with step("PostgreSQL"):
            url = embedded.start_server(environment.data)
        yield url
    finally:
        embedded.stop(environment.data)


def serve(environment: env.Env) -> None:
    """Prepare, start the servers, announce the address, and keep them running."""
    code = subprocess.run(
        [sys.executable, "-m", "kanal.config.prepare"], preexec_fn=end_with_parent, start_new_session=True, check=False
    )
    if code.returncode:
        raise env.SetupError("Kanal did not start, for the reason above.")
    with log(environment, "web") as web_log, log(environment, "worker") as worker_log:
        children = [Child("serve", web_log), Child("worker", worker_log)]
        try:
            with step("Web and worker"):
                for child in children:
                    child.start()
                wait_until_served(environment, children[0])
            announce(environment)
            keep_running(environment, children)
        finally:
            for child in children:
                child.ask()
            for child in children:
                child.stop()


def log(environment: env.Env, name: str) -> nullcontext[None] | IO[bytes]:
    """Open a server's log, or use the terminal with KANAL_DEBUG."""
    if environment.debug:
        return nullcontext()
    path = log_folder(environment) / f"{name}.log"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    return path.open("ab")


def trim_logs(environment: env.Env) -> None:
    """Limit each log's size: move its content to `.old`. Its writers append, so they continue at the start."""
    for path in log_folder(environment).glob("*.log"):
        if path.stat().st_size > LARGEST_LOG:
            shutil.copyfile(path, path.with_suffix(".old"))
            os.truncate(path, 0)


def log_folder(environment: env.Env) -> Path:
    """Return the folder of the servers' logs."""
    return environment.data / "logs"


def wait_until_served(environment: env.Env, web: Child) -> None:
    """Wait for the web server's first response, whatever its status."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and len(web.exits) < CRASHES_ALLOWED:
        try:
            urllib.request.urlopen(browser_url(environment) + "/healthz", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            web.watch()
            time.sleep(0.05)
    raise env.SetupError(f"The web server doesn't start. See its log in {log_folder(environment)} says why.")


def keep_running(environment: env.Env, children: list[Child]) -> None:
    """Restart processes that die. A worker that lost its database is replaced, since it wouldn't receive new jobs."""
    while True:
        time.sleep(0.5)
        trim_logs(environment)
        for child in children:
            if message := child.watch():
                print(f"  {time.strftime('%H:%M:%S')} {message}; see {log_folder(environment)}", flush=True)
        if not environment.database_url and not embedded.is_running(environment.data):
            print(f"  {time.strftime('%H:%M:%S')} PostgreSQL ended and restarts", flush=True)
            try:
                embedded.start_server(environment.data)
                children[1].ask()
            except env.SetupError as error:
                print(f"  {error}", flush=True)
                time.sleep(5)


def browser_url(environment: env.Env) -> str:
    """Return the URL to open in a browser on this machine."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  read, not bound
    host = everywhere.get(environment.host, environment.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{environment.port}"


def announce(environment: env.Env) -> None:
    """Print the URL and who can sign in."""
    print(f"\n  Kanal is ready:  {browser_url(environment)}  or  http://localhost:{environment.port}")
    print(f"  Demo users:      {DEMO_USERS}  (password: kanal-demo)")
    print(f"  Data and logs:   {environment.data}")
    print("  Stop with Ctrl-C.\n", flush=True)
