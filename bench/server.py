"""Start the product's web server and worker on a free local port, and stop them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROCESSES = 2
START_SECONDS = 90


def free_port() -> int:
    """Return a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data: str, port: int) -> dict[str, str]:
    """Return the environment of the servers."""
    return os.environ | {
        "KANAL_DATA": data, "KANAL_HOST": "127.0.0.1", "PORT": str(port), "KANAL_WEB_WORKERS": str(PROCESSES),
        "DJANGO_SETTINGS_MODULE": "bench.settings", "KANAL_DEBUG": "", "PYTHONPATH": str(Path(__file__).parents[1]),
    }  # fmt: skip


@contextmanager
def running(name: str, given: dict[str, str]) -> Iterator[subprocess.Popen]:
    """Run one of the product's servers (`serve`, `worker`) for the duration of a block."""
    log = Path(given["KANAL_DATA"], f"{name}.log")
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "kanal.config.cli", name],
            env=given,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def served(data: str) -> Iterator[tuple[str, int]]:
    """Serve the database in DATABASE_URL from a data folder. Return the URL and the server's process id."""
    port = free_port()
    given = environment(data, port)
    subprocess.run([sys.executable, "-m", "kanal.config.prepare"], env=given, check=True, capture_output=True)
    with running("serve", given) as process:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield f"http://127.0.0.1:{port}", process.pid


def wait_for(url: str, process: subprocess.Popen) -> None:
    """Wait for the first response."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server does not start")


def children_of(pid: int) -> list[int]:
    """Return the child processes of a process, such as a server's web processes."""
    children = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(path.read_text().rsplit(")", 1)[1].split()[1]) == pid:
                children.append(int(path.parent.name))
        except (OSError, ValueError):
            continue
    return children + [descendant for child in children for descendant in children_of(child)]
