"""The supervisor's child processes: each is started, restarted when it dies, and ends with its parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import IO

LONGEST_PAUSE = 30
STEADY_SECONDS = 15
PR_SET_PDEATHSIG = 1


def end_with_parent(by: signal.Signals = signal.SIGTERM) -> None:
    """Make the kernel end this process when its parent dies (Linux), so that a killed supervisor leaves none behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)


@dataclass
class Child:
    """A `kanal` command that has to keep running."""

    name: str
    log: IO[bytes] | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    pause: float = 0
    due: float = 0
    exits: list[int] = field(default_factory=list)
    asked: bool = False

    def start(self) -> None:
        """Start the process in its own session, so that Ctrl-C only reaches the supervisor."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command(),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509  the supervisor is single-threaded
        )

    def command(self) -> list[str]:
        """Return the command line of the process."""
        return [sys.executable, "-m", "kanal.config.cli", self.name]

    def watch(self) -> str | None:
        """Restart the process if it died, with increasing delay. Return a message if so."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return None
        code = self.process.poll()
        if code is None:
            return None
        self.exits.append(code)
        self.process = None
        hasty = now - self.started < STEADY_SECONDS and not self.asked
        self.pause, self.asked = min(self.pause * 2 or 0.5, LONGEST_PAUSE) if hasty else 0.5, False
        self.due = now + self.pause
        return f"{self.name} ended ({reason(code)}) and restarts in {self.pause:g} s"

    def ask(self) -> None:
        """Send the process a request to stop."""
        if self.process is not None and self.process.poll() is None:
            self.asked = True
            self.process.terminate()

    def stop(self, seconds: float = 25) -> None:
        """Wait for a process that was asked to stop, and kill it after a timeout."""
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def reason(code: int) -> str:
    """Return why a process ended."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
