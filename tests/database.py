"""The database of a test run, chosen before Django reads its settings; loaded by `-p` from pyproject.toml.

Each run takes a free slot, so several runs at a time do not meet, and keeps its databases for the next run for as
long as no migration changes.
"""

import fcntl
import hashlib
import os
from pathlib import Path
from typing import IO

import psycopg
import pytest

from kanal.config import embedded, env

SLOTS = 16
held: list[IO[str]] = []
folder: Path = env.data_folder() / "test"


def is_main_process() -> bool:
    """Tell whether this is not a worker that pytest started."""
    return "PYTEST_XDIST_WORKER" not in os.environ


def digest_of_migrations() -> str:
    """Hash all that the tables follow from."""
    digest = hashlib.sha256((env.ROOT / "requirements" / "base.txt").read_bytes())
    for path in sorted((env.ROOT / "kanal").rglob("migrations/**/*")):
        if path.suffix in {".py", ".sql"}:
            digest.update(path.relative_to(env.ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def take_slot() -> int:
    """Give the number of a slot that no other test run on this machine holds."""
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


def drop_outdated(url: str, slot: int, digest: str) -> None:
    """Drop the slot's databases whose migrations are outdated."""
    with psycopg.connect(url, autocommit=True) as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
        for name in names:
            if name.startswith("test_kanal_") and f"_s{slot}" in name and digest not in name:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def choose() -> None:
    """Start PostgreSQL for tests and name the database of this run."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    os.environ.setdefault("KANAL_SECRET_KEY", "a key for tests only")
    if not is_main_process() or os.environ.get("DATABASE_URL"):
        return
    slot, digest = take_slot(), digest_of_migrations()
    url = embedded.start(folder, durable=False)
    drop_outdated(url, slot, digest)
    os.environ["KANAL_DATA"] = str(folder / f"data-{slot}")
    env.use_database(url.replace("@/kanal?", f"@/kanal_{digest}_s{slot}?"))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server unless another run uses it."""
    if is_main_process() and held:
        embedded.stop(folder)


try:
    choose()
except env.SetupError as error:
    raise pytest.UsageError(str(error)) from error
