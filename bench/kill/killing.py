"""The installation under `kanal run`, and the killer of its processes at random moments."""

import os
import random
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from kanal.config import embedded

KINDS = {"web process": 30, "web server": 10, "worker": 30, "PostgreSQL": 15, "PostgreSQL backend": 15}
KEPT = ("PATH", "HOME", "LANG")
START_SECONDS = 120


@contextmanager
def running(data: Path, port: int) -> Iterator[int]:
    """Serve a data folder with `kanal run` and return its process id. Discards the output."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment = {**kept, "KANAL_DATA": str(data), "PORT": str(port), "PYTHONPATH": str(Path.cwd())}
    with (data / "supervisor.log").open("wb") as log:
        command = [sys.executable, "-m", "kanal.config.cli", "run"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait(port, process)
            yield process.pid
        finally:
            process.terminate()
            process.wait(60)


def wait(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until pages are served."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and (process is None or process.poll() is None):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
            return
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.2)
    raise SystemExit("kanal: The installation does not start; its logs stand in the data folder.")


class Killer:
    """Select processes and moments at random. The same seed selects the same kinds and pauses."""

    def __init__(self, data: Path, supervisor: int, seed: int) -> None:
        self.data, self.supervisor, self.chance = data, supervisor, random.Random(seed)
        self.killed: Counter[str] = Counter()
        self.missed = 0

    def pause(self, longest: float) -> None:
        """Wait for a random time."""
        time.sleep(0.1 + self.chance.random() * longest)

    def strike(self) -> str:
        """Kill one process of a random kind, if any is alive. Return the kind."""
        kind = self.chance.choices(list(KINDS), list(KINDS.values()))[0]
        pids = sorted(self.targets(kind))
        if not pids:
            self.missed += 1
            return ""
        try:
            os.kill(self.chance.choice(pids), signal.SIGKILL)
        except ProcessLookupError:
            self.missed += 1
            return ""
        self.killed[kind] += 1
        return kind

    def targets(self, kind: str) -> list[int]:
        """Return the processes of a kind."""
        postmaster = embedded.cluster_of(self.data).postmaster()
        if kind == "PostgreSQL":
            return [postmaster] if postmaster else []
        if kind == "PostgreSQL backend":
            return [pid for pid, words in below(postmaster) if "[local]" in words]
        served = [(pid, words) for pid, words in below(self.supervisor)]
        if kind == "web process":
            return [pid for pid, words in served if "spawn_main" in words]
        word = {"web server": "kanal.config.cli serve", "worker": "kanal.config.cli worker"}[kind]
        return [pid for pid, words in served if word in words]


def below(pid: int | None) -> list[tuple[int, str]]:
    """Return the descendants of a process with their command lines."""
    processes: list[tuple[int, str]] = []
    try:
        children = psutil.Process(pid).children(recursive=True) if pid else []
    except psutil.Error:
        return processes
    for child in children:
        try:
            processes.append((child.pid, " ".join(child.cmdline())))
        except psutil.Error:
            continue
    return processes
