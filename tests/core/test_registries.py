"""Registries: filled by the apps when Kanal starts, the same in every process, and frozen then."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kanal.core import events, registry, settings
from kanal.core.entity import Tab
from kanal.core.fields import FIELD_TYPES, Field
from kanal.kit.registries import ListRegistry, Registry, RegistryFrozenError, listed_registries, unfrozen

# Prints the keys of all registries of a process without addresses, and again once every module is imported.
PROCESS = """
import importlib, json, pkgutil, sys
import django
django.setup()
from kanal.kit.registries import listed_registries
keys = lambda: {name: sorted(key for key, _text in one.described()) for name, one in listed_registries().items()}
before = keys()
assert "kanal.config.urls" not in sys.modules
import kanal
for module in pkgutil.walk_packages(kanal.__path__, "kanal."):
    if not {"tests", "migrations", "__main__"}.intersection(module.name.split(".")):
        importlib.import_module(module.name)
print(json.dumps([before, keys()]))
"""


@pytest.fixture(scope="module")
def process() -> list[dict[str, list[str]]]:
    """Return the keys of all registries of another process: after its start, and with all modules imported."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "kanal.config.settings"}
    done = subprocess.run([sys.executable, "-c", PROCESS], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    listed: list[dict[str, list[str]]] = json.loads(done.stdout.splitlines()[-1])
    return listed


def test_a_process_without_addresses_has_everything(process):
    """A worker or a command has the settings of boards, the jobs and the listeners that a web process has."""
    started, complete = process
    assert {"kanban.leads.columns", "kanban.opportunities.limit"} <= set(started["settings"])
    assert {"api.clean_up", "core.deliver_changes"} <= set(started["jobs"])
    assert started == complete


def test_what_comes_after_the_start_is_refused():
    """With the place where it belongs."""
    for late in (
        lambda: events.on("record.saved", print),
        lambda: settings.declare("crm", Field("late", "Late", FIELD_TYPES["text"])),
        lambda: registry.extend("leads", Tab("late", "Late")),
    ):
        with pytest.raises(RegistryFrozenError, match="ready"):
            late()


def test_a_test_may_register_and_leaves_nothing_behind():
    """By `unfrozen()`, also where it fails."""
    before = {name: registry.keys() for name, registry in listed_registries().items()}
    with suppress(ZeroDivisionError), unfrozen():
        settings.declare("crm", Field("late", "Late", FIELD_TYPES["text"], default="x"))
        registry.extend("leads", Tab("late", "Late"))
        assert "late" in {tab.key for tab in registry.tabs(registry.get("leads"))}
        raise ZeroDivisionError
    assert {name: registry.keys() for name, registry in listed_registries().items()} == before
    assert "late" not in {tab.key for tab in registry.tabs(registry.get("leads"))}
    with pytest.raises(RegistryFrozenError):
        registry.extend("leads", Tab("late", "Late"))


def test_a_key_has_one_entry():
    """The same again is no harm, another one is refused; a list takes each of its entries once."""
    with unfrozen():
        single: Registry[str] = Registry("")
        single.register("a", "x")
        single.register("a", "x")
        with pytest.raises(ValueError, match="twice"):
            single.register("a", "y")
        several: ListRegistry[str] = ListRegistry("")
        several.add("a", "x", "y")
        several.add("a", "y", "z")
        assert (several.of("a"), several.of("b")) == (("x", "y", "z"), ())


def explained(*words: str, **options: str) -> str:
    """Return what `kanal explain` prints."""
    out = StringIO()
    call_command("explain", *words, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_explain_lists_registries_and_their_entries():
    """`kanal explain` names each registry; with its name, or a type's key, it prints what is registered there."""
    text = explained()
    assert all(name in text for name in listed_registries())
    assert "kanban.leads.limit" in explained(registry="settings")
    of_leads = explained("leads")
    for entry in ("kanban.leads.limit", "leads.mine", "leads.created"):
        assert entry in of_leads
    with pytest.raises(CommandError, match="There is no type “lead”"):
        explained("lead")
    with pytest.raises(CommandError, match="There is no registry “x”"):
        explained(registry="x")
