"""The pool of warm workers: one job at a time each, terminated on timeout."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from kanal.kit.documents.refusals import DocumentRefused
from kanal.kit.documents.wire import receive, send

_ROOT = str(Path(__file__).resolve().parents[3])
SIZE = 2
DEADLINE = 10.0
START_DEADLINE = 30.0
WAIT = 60.0


class Worker:
    """A worker process."""

    def __init__(self) -> None:
        paths = os.pathsep.join([_ROOT, *(path for path in sys.path if path)])
        # -B: it can't write files. Own environment: no secrets of the installation.
        self.process = subprocess.Popen(
            [sys.executable, "-B", "-m", "kanal.kit.documents.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": paths, "LANG": "C.UTF-8", "PATH": os.defpath},
            cwd="/",
            start_new_session=True,
        )
        self.is_late = False
        self.has_worked = False
        self._within(START_DEADLINE, lambda: receive(self._pipes()[1]))

    def _pipes(self) -> tuple[Any, Any]:
        return self.process.stdin, self.process.stdout

    def _within(self, seconds: float, work: Any) -> Any:
        timer = threading.Timer(seconds, self._end_late)
        timer.daemon = True
        timer.start()
        try:
            return work()
        finally:
            timer.cancel()

    def _end_late(self) -> None:
        self.is_late = True
        self.process.kill()

    def ask(self, head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """Send a job and return the answer. Raise EOFError or OSError if the worker is gone."""

        def exchange() -> tuple[dict[str, Any], bytes]:
            inlet, outlet = self._pipes()
            send(inlet, head, body)
            return receive(outlet)

        answer: tuple[dict[str, Any], bytes] = self._within(DEADLINE, exchange)
        self.has_worked = True
        return answer

    def gather(self) -> int:
        """Wait briefly for the ending process and return its exit status."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=2)
        self.end()
        return self.process.returncode

    def end(self) -> None:
        """Terminate and reap the process."""
        self.process.kill()
        for pipe in self._pipes():
            with suppress(OSError):
                pipe.close()
        self.process.wait()


class Pool:
    """Run at most SIZE workers at once, started on demand."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.places = threading.BoundedSemaphore(SIZE)
        self.idle: queue.LifoQueue[Worker] = queue.LifoQueue()

    def ask(self, head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        """Run a job. Raise DocumentRefused if it fails."""
        if not self.places.acquire(timeout=WAIT):
            raise DocumentRefused("busy")
        try:
            return self._ask(head, body)
        finally:
            self.places.release()

    def _ask(self, head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
        while True:
            worker = self._take()
            was_used = worker.has_worked
            try:
                answer = worker.ask(head, body)
            except (EOFError, OSError, ValueError) as error:
                used_up = worker.gather() == -signal.SIGXCPU or worker.is_late
                if was_used and not used_up:
                    continue  # the worker may have died earlier: retry with a new one
                raise DocumentRefused("timeout" if used_up else "too_large") from error
            except BaseException:
                worker.end()
                raise
            self.idle.put(worker)
            return answer

    def _take(self) -> Worker:
        while True:
            try:
                worker = self.idle.get_nowait()
            except queue.Empty:
                break
            if worker.process.poll() is None:
                return worker
            worker.end()
        try:
            return Worker()
        except (EOFError, OSError) as error:
            raise DocumentRefused("failed", {"detail": "the worker does not start"}) from error

    def warm(self) -> None:
        """Start a worker if none is idle."""
        if self.idle.empty():
            self.idle.put(self._take())

    def close(self) -> None:
        """Terminate the idle workers."""
        while not self.idle.empty():
            with suppress(queue.Empty):
                self.idle.get_nowait().end()


class _Current:
    """Store the pool of this process. A forked child creates its own."""

    pool: Pool | None = None
    lock = threading.Lock()


def current_pool() -> Pool:
    """Return the pool of this process."""
    if _Current.pool is None or _Current.pool.pid != os.getpid():
        with _Current.lock:
            if _Current.pool is None or _Current.pool.pid != os.getpid():
                _Current.pool = Pool()
    return _Current.pool
