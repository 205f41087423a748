"""The how-tos, carried out one after another in a copy of the tree; their own tests then pass against it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from kanal.config.env import ROOT
from tests import pristine
from tests.docs.blocks import Block, blocks, carry_out, commands

HOWTOS = sorted((ROOT / "docs" / "howto").glob("*.md"))
LEFT_OUT = shutil.ignore_patterns("__pycache__", "built", "node_modules", "browser", "docs")
# What every type holds, tried with the type that a how-to adds.
CONTRACT = [f"tests/contract/test_{name}.py" for name in ("pages", "writing", "rights")]
MIGRATE = "manage makemigrations "
# In the copy there is one database; the migrations are made and carried out as the commands of the how-tos do it.
CONFTEST = """
import importlib

import pytest


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    from django.core.management import call_command

    from kanal.config import prepare

    with django_db_blocker.unblock():
        call_command("makemigrations", *APPS, verbosity=0)
        importlib.invalidate_caches()
        prepare.migrate()
    yield
"""


def steps() -> list[Block]:
    """List the blocks of all how-tos."""
    return [block for document in HOWTOS for block in blocks(document)]


def apps() -> list[str]:
    """List the apps for which the how-tos make migrations."""
    return [line.split(MIGRATE)[1] for document in HOWTOS for line in commands(document) if MIGRATE in line]


@pytest.fixture
def clone(tmp_path, django_db_setup, django_db_blocker):
    """Return a copy of the tree with a database of its own, and what runs a program there."""
    for name in ("kanal", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=LEFT_OUT)
    for name in ("pyproject.toml", "manage.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "conftest.py").write_text(CONFTEST.replace("APPS", repr(apps())))
    database = f"howto_{os.getpid()}"
    url = urlsplit(os.environ["DATABASE_URL"])
    environment = {**os.environ, "DATABASE_URL": urlunsplit(url._replace(path=f"/{database}"))}
    environment |= {"KANAL_DATA": str(tmp_path / "data"), "PYTHONPATH": str(tmp_path)}
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_ADDOPTS"):
        environment.pop(name, None)

    def run(*words: str) -> str:
        """Run Python in the copy; return what it prints."""
        command = [sys.executable, *words]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    with pristine.server() as connection:
        pristine.copy(connection, pristine.current["source"], database)
    yield tmp_path, run
    with pristine.server() as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def test_the_how_tos_do_what_they_say(clone: tuple[Path, Callable[..., str]]) -> None:
    """Carry out every block and run the tests that they bring, on the migrations that they have made."""
    root, run = clone
    assert len(steps()) > 30
    for block in steps():
        carry_out(block, root)
    assert set(apps()) == {"campaigns", "certificates", "links"}
    tests = sorted({block.path for block in steps() if Path(block.path).name.startswith("test_")})
    options = ("-q", "-n0", "-p", "no:randomly", "-p", "no:cacheprovider")
    assert "passed" in run("-m", "pytest", *tests, *options)
    assert "passed" in run("-m", "pytest", *CONTRACT, "-k", "certificates", *options)
    # What every field type holds, tried with the one that a how-to adds.
    assert "passed" in run("-m", "pytest", "tests/contract/test_custom_fields.py", "-k", "campaigns", *options)


def test_the_code_of_the_how_tos_keeps_the_house_rules(tmp_path: Path) -> None:
    """Lint and format whole files as `make check` does."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for block in steps():
        if block.kind == "python":
            carry_out(block, tmp_path)
    ours = ["--config", "lint.isort.known-first-party=['kanal', 'tests']"]
    for check in (["check", "--quiet", *ours], ["format", "--check"]):
        command = [ROOT / ".venv" / "bin" / "ruff", *check, "--no-cache", "."]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
