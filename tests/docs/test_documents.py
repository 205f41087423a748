"""What the documents name is there: paths, commands, variables, operators, pictures. Links: tests/checks."""

import os
import re
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest

from kanal.config import cli
from kanal.config.env import ROOT
from kanal.core.query.operators import OPERATORS_BY_CATEGORY
from kanal.core.query.tree import OPERATORS

# Decision records tell of their day; what they name may be gone.
DOCUMENTS = sorted(path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if path.parent.name != "adr")
SPAN = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"^(?:kanal|tests|docs|deploy|script|bench|requirements)/[\w./-]*$")
MODULE = re.compile(r"^kanal(?:\.[a-z_]+)+(?:\.[A-Za-z_]+)?$")
# The how-tos make these.
MADE = (
    "kanal/entities/certificates", "kanal/entities/campaigns/prolonging.py", "kanal/features/links",
    "kanal/web/links.py", "kanal/api/links.py", "kanal/web/templates/pages/detail/links.html",
    "kanal/entities/campaigns/tests/test_venue.py", "kanal/entities/opportunities/goals.py",
    "kanal/entities/opportunities/tests/test_goal.py", "kanal/entities/campaigns/tests/test_prolonging.py",
    "kanal/entities/opportunities/templates/opportunities/goal.html",
    "kanal/core/fields/ratings.py", "kanal/web/fieldtypes/ratings.py",
    "kanal/web/jinja/controls/rating.jinja", "kanal/entities/campaigns/tests/test_rating.py",
    "kanal/features/exporting/json_lines.py", "tests/web/test_json_lines.py",
)  # fmt: skip
ANSWERED_BY_MAKE = {"run", "test", "check", "fix", "bench", "docs", "lock"}
LARGEST_PICTURE = 200_000


def text_of(document):
    return document.read_text(encoding="utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_paths_and_modules_are_there(document):
    missing = []
    for span in SPAN.findall(text_of(document)):
        if PATH.match(span) and not span.startswith(MADE) and not (ROOT / span).exists():
            missing.append(span)
        if MODULE.match(span) and not any(is_there(part) for part in (span, span.rpartition(".")[0])):
            missing.append(span)
    assert not missing, missing


def is_there(module):
    path = ROOT.joinpath(*module.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_are_there(document):
    text = text_of(document)
    known = {*cli.COMMANDS, *cli.SERVERS, "help"}
    named = re.findall(r"(?:`|\.venv/bin/|^)kanal ([a-z]+)", text, re.M)
    assert set(named) <= known, set(named) - known
    made = re.findall(r"(?:`|^)make ([a-z]+)", text, re.M)
    assert set(made) <= ANSWERED_BY_MAKE, set(made) - ANSWERED_BY_MAKE
    for script in re.findall(r"\b(script/[a-z-]+)", text):
        assert (ROOT / script).exists(), script


def test_a_command_of_an_app_is_found():
    server = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres"))
    command = [sys.executable, "-m", "kanal.config.cli", "token", "--help"]
    environment = {**os.environ, "DATABASE_URL": server}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, "--scope" in done.stdout) == (0, True), done.stderr


def test_functions_of_the_architecture_are_there():
    """In its tables a file is named in full first, then by its name; the functions of a file follow it."""
    missing, files, named = [], {}, 0
    for row in re.findall(r"^\| .+\|$", text_of(ROOT / "docs" / "architecture.md"), re.M):
        module = None
        for span in SPAN.findall(row.split(" | ")[-1]):
            if span.endswith(".py"):
                files.setdefault(span.rpartition("/")[2], ROOT / span)
                module = ROOT / span if "/" in span else files[span]
            elif module is not None:
                named += 1
                if not re.search(rf"\b(def|class) {span.rpartition('.')[2]}\b", text_of(module)):
                    missing.append(f"{module.name}: {span}")
    assert named > 30
    assert not missing, missing


def test_every_variable_of_the_environment_is_listed_with_its_default():
    read = set()
    for path in (ROOT / "kanal").rglob("*.py"):
        if "tests" not in path.parts:
            read |= set(re.findall(r"[\"'](KANAL_[A-Z_]+|DATABASE_URL|PORT)[\"']", text_of(path)))
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", text_of(ROOT / "docs" / "environment.md"), re.M))
    assert listed == read


def test_every_operator_of_filters_is_described():
    described = text_of(ROOT / "docs" / "api.md")
    table = described[described.index("| operator |") : described.index("- Days:")]
    named = set(re.findall(r"`([a-z]+)(?:\([^`]*\))?`", table)) - {"this"}
    assert set(OPERATORS) <= named
    assert {operator for operators, _test in OPERATORS_BY_CATEGORY.values() for operator in operators} <= named


def test_pictures_are_small():
    large = [path.name for path in (ROOT / "docs" / "images").glob("*") if path.stat().st_size > LARGEST_PICTURE]
    assert not large, large
