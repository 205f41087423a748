"""The locks: each dependency is pinned with hashes, fits pyproject.toml, and no file names a registry."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.checks.sources import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
BASE = PROJECT["project"]["dependencies"]
DEV = PROJECT["dependency-groups"]["dev"]
NODE = PROJECT["project"]["optional-dependencies"]["node"]


def pins(lock: str) -> dict[str, set[Version]]:
    """Read the pinned versions of a lock."""
    versions_by_name: dict[str, set[Version]] = {}
    for line in (ROOT / "requirements" / lock).read_text().splitlines():
        if match := re.match(r"([\w.-]+)==([^ ;\\]+)", line):
            versions_by_name.setdefault(canonicalize_name(match[1]), set()).add(Version(match[2]))
    return versions_by_name


@pytest.mark.parametrize(("lock", "wanted"), [("base.txt", BASE), ("dev.txt", [*BASE, *DEV]), ("node.txt", NODE)])
def test_the_lock_fits_the_project(lock, wanted):
    locked = pins(lock)
    for requirement in map(Requirement, wanted):
        versions = locked.get(canonicalize_name(requirement.name), set())
        fitting = [version for version in versions if requirement.specifier.contains(version, prereleases=True)]
        assert fitting, f"{requirement} is not in requirements/{lock}: run make lock"


@pytest.mark.parametrize("lock", ["base.txt", "dev.txt", "node.txt", "uv.txt"])
def test_each_pin_has_a_hash_and_no_address(lock):
    text = (ROOT / "requirements" / lock).read_text()
    assert "://" not in text
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[\w.-]+==)", text)[1:])


def test_what_is_developed_with_is_what_runs():
    base, dev = pins("base.txt"), pins("dev.txt")
    assert {package: dev.get(package) for package in base} == base


def test_the_front_end_is_pinned_and_names_no_registry():
    lock = ROOT / "package-lock.json"
    if lock.exists():
        assert '"integrity"' in lock.read_text()
        assert '"resolved"' not in lock.read_text()
