"""What the tests of the set-up share: a data folder of their own and `kanal` as a process."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kanal.config import embedded


@pytest.fixture
def data() -> Iterator[Path]:
    """Return a data folder that PostgreSQL's user may enter, and leave no server behind."""
    with data_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared() -> Iterator[Path]:
    """Return one such folder to all tests that leave a whole cluster in it."""
    with data_folder() as folder:
        yield folder


@contextmanager
def data_folder() -> Iterator[Path]:
    """Make a data folder, and remove it with the server that may still run in it."""
    folder = Path(tempfile.mkdtemp(prefix="kanal-test-"))
    folder.chmod(0o711)
    yield folder
    embedded.held.setdefault(folder, os.open(folder, os.O_RDONLY))
    embedded.stop(folder)
    shutil.rmtree(folder)


@pytest.fixture
def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def kanal(data: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command `kanal` in an environment of its own: `kanal("run", PORT="80")`."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return subprocess.run(
            [sys.executable, "-m", "kanal.config.cli", *words],
            env={**kept, "KANAL_DATA": str(data), **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run
