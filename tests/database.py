"""The server and database of a test run, chosen before Django loads its settings. Loaded by `-p`.

Each run takes a free slot, so that concurrent runs don't conflict. The content of databases is managed by `pristine`.
"""

import fcntl
import os
from pathlib import Path
from typing import IO

import pytest

from kanal.config import embedded, env

SLOTS = 16
held: list[IO[str]] = []
folder: Path = env.data_folder() / "test-utf8"  # earlier ones had a server limited to Latin letters


def is_main_process() -> bool:
    """Return whether this process isn't a pytest worker."""
    return "PYTEST_XDIST_WORKER" not in os.environ


def take_slot() -> int:
    """Return the number of a slot that isn't used by another test run on this machine."""
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    for number in range(SLOTS):
        file = (folder / f"slot-{number}.lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        held.append(file)
        return number
    raise pytest.UsageError(f"{SLOTS} test runs are going on already; wait for one to end.")


def choose() -> None:
    """Start PostgreSQL for tests unless DATABASE_URL names a server, and set the name of this run's database."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    os.environ.setdefault("KANAL_SECRET_KEY", "a key for tests only")
    if not is_main_process() or os.environ.get("DATABASE_URL"):
        return
    slot = take_slot()
    url = embedded.start_server(folder, durable=False)
    os.environ["KANAL_DATA"] = str(data_of(slot))
    env.use_database(url.replace("@/kanal?", f"@/test_s{slot}?"))


def data_of(slot: int) -> Path:
    """Return the data folder of a slot. Stored files are shared, since the pristine database refers to some of them."""
    data, files = folder / f"slot-{slot}", folder / "files"
    (data / "static").mkdir(parents=True, exist_ok=True)
    files.mkdir(exist_ok=True)
    if not (data / "files").is_symlink():
        (data / "files").symlink_to(files, target_is_directory=True)
    return data


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server unless another run uses it."""
    if is_main_process() and held:
        embedded.stop(folder)


try:
    choose()
except env.SetupError as error:
    raise pytest.UsageError(str(error)) from error
