"""Where the checks find the source files and how they read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("kanal", "tests", "bench")
GENERATED = {"migrations", "built", "node_modules", "__pycache__"}


@cache
def files(*suffixes: str, folders: tuple[str, ...] = FOLDERS) -> list[Path]:
    """List the source files with one of these endings; migrations and generated files are left out."""
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*"))]
    return [
        path for path in paths if path.suffix in suffixes and path.is_file() and not GENERATED.intersection(path.parts)
    ]


@cache
def tree(path: Path) -> ast.Module:
    """Parse a Python file once."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def lines(path: Path) -> int:
    """Count the lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def name(path: Path) -> str:
    """Name a file as it stands in the repository."""
    return path.relative_to(ROOT).as_posix()


def is_test(path: Path) -> bool:
    """Return whether a file belongs to the tests."""
    return "tests" in path.parts


def product() -> Iterator[Path]:
    """List the Python files of the product itself."""
    return (path for path in files(".py", folders=("kanal",)) if not is_test(path))
