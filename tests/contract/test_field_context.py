"""What is decided about a field holds on every channel of every type: hidden, read-only, required (ACC-6, FORM-2)."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from kanal.core import registry
from kanal.core.cache import invalidate
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.models import CustomField, FieldRule
from kanal.features.importing import mapping
from kanal.features.search.indexing import is_searched, searched_fields
from tests.contract.test_registry import ENTITIES

WITH_STATUS = [entity for entity in registry.all_entities() if entity.listing.status]
OF_STATUS = pytest.mark.parametrize("entity", WITH_STATUS, ids=[entity.key for entity in WITH_STATUS])


class Channels:
    """The keys of the fields of a record that each channel shows or takes, to an administrator."""

    def __init__(self, world: Any, browse: Callable, call: Callable, entity: Entity) -> None:
        CustomField.objects.create(entity=entity.key, key="extra", name="Zq extra", kind="text", filterable=True)
        invalidate()
        self.user, self.client, self.call, self.entity = world.admin, browse("administrator"), call, entity
        self.record = world.records[entity.key]
        self.keys = [key for key in fields_of(entity) if key not in ("id", entity.title)]
        self.values = self.read_values()

    def ask(self, *names: str) -> dict[str, set[str]]:
        """Return the keys by channel, of those that show or take any."""
        shown = {name: CHANNELS[name](self) & set(self.keys) for name in names or CHANNELS}
        return {name: keys for name, keys in shown.items() if keys}

    def rule(self, mode: str, status: str = "") -> None:
        """Make the same rule for all fields but those by which a record is named."""
        FieldRule.objects.bulk_create(
            FieldRule(entity=self.entity.key, field=key, mode=mode, status=status) for key in self.keys
        )
        invalidate()

    def read_values(self) -> dict[str, Any]:
        """Return what the API reads of the record, custom fields by their keys."""
        status, data = self.call("GET", f"/{self.entity.key}/{self.record.pk}")
        assert status == 200, data
        custom = {f"custom.{key}": value for key, value in data["custom"].items()}
        return {key: value for key, value in data.items() if key != "custom"} | custom

    def url(self, part: str) -> str:
        """Return the address of a part of the list."""
        return f"/{self.entity.path}/data/{part}"

    def context(self, url: str) -> Any:
        """Return what the template of a page was given, an empty one where there is no such page."""
        answer = self.client.get(url)
        return (answer.context or {}) if answer.status_code == 200 else {}


def form_fields(channels: Channels) -> set[str]:
    """Return the fields of the form."""
    form = channels.context(f"{channels.entity.url(channels.record.pk)}edit").get("form")
    return {entry.name for entry in form.entries} if form else set()


def page_facts(channels: Channels) -> set[str]:
    """Return the facts of the record's page."""
    return set(channels.context(channels.entity.url(channels.record.pk)).get("facts") or ())


def list_columns(channels: Channels) -> set[str]:
    """Return the columns of the list."""
    text = channels.client.get(
        f"{channels.entity.list_url}?filter=&columns={quote(','.join(channels.keys))}"
    ).content.decode()
    return {key for key in channels.keys if f'data-column="{key}"' in text}


def inline_fields(channels: Channels) -> set[str]:
    """Return the fields that can be changed where they stand."""
    url = channels.url(f"{channels.record.pk}/cell?field=")
    return {key for key in channels.keys if channels.client.get(url + key).status_code == 200}


def bulk_fields(channels: Channels) -> set[str]:
    """Return the fields that can be changed for many."""
    return {
        field.key for field in channels.context(channels.url(f"bulk-edit?ids={channels.record.pk}")).get("fields") or ()
    }


def export_columns(channels: Channels) -> set[str]:
    """Return the columns of the file, as far as their headings are of one field."""
    answer = channels.client.get(channels.url(f"export.csv?filter=&columns={quote(','.join(channels.keys))}"))
    if answer.status_code != 200:
        return set()
    head = next(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    labels = {key: str(fields_of(channels.entity)[key].label).casefold() for key in channels.keys}
    often, shown = Counter(labels.values()), {text.casefold() for text in head}
    return {key for key, label in labels.items() if often[label] == 1 and label in shown}


def import_targets(channels: Channels) -> set[str]:
    """Return the fields that a column of a file can be."""
    return set(mapping.targets(channels.user, channels.entity)) if channels.entity.is_importable else set()


def fields_read(channels: Channels) -> set[str]:
    """Return the fields that the API reads with a value of any kind."""
    return {key for key in channels.read_values() if key in channels.keys}


def fields_taken(channels: Channels) -> set[str]:
    """Return the fields that the API takes, each with the value that it has."""
    custom = {key.removeprefix("custom."): channels.values[key] for key in channels.keys if key.startswith("custom.")}
    native = {key: value for key, value in channels.values.items() if key in channels.keys and "." not in key}
    status, data = channels.call("PATCH", f"/{channels.entity.key}/{channels.record.pk}", {**native, "custom": custom})
    assert status in (200, 422), data
    return set(channels.keys) - {error["field"] for error in data.get("errors", ())}


def filter_fields(channels: Channels) -> set[str]:
    """Return the fields by which the API filters."""
    return {
        key for key in channels.keys if channels.call("GET", f"/{channels.entity.key}?filter={key}:set()")[0] == 200
    }


def sort_fields(channels: Channels) -> set[str]:
    """Return the fields by which the API sorts."""
    return {key for key in channels.keys if channels.call("GET", f"/{channels.entity.key}?sort={key}")[0] == 200}


def history_fields(channels: Channels) -> set[str]:
    """Return the fields of which the history tells."""
    status, data = channels.call("GET", f"/{channels.entity.key}/{channels.record.pk}/history")
    return {change["field"] for entry in data["items"] for change in entry["changes"]} if status == 200 else set()


def search_fields(channels: Channels) -> set[str]:
    """Return the fields that search reads."""
    return {field.key for field in searched_fields(channels.entity)} if is_searched(channels.entity) else set()


CHANNELS: dict[str, Callable[[Channels], set[str]]] = {
    "form": form_fields, "page": page_facts, "list": list_columns, "inline": inline_fields,
    "bulk": bulk_fields, "export": export_columns, "import": import_targets, "read": fields_read,
    "write": fields_taken, "filter": filter_fields, "sort": sort_fields, "history": history_fields,
    "search": search_fields,
}  # fmt: skip
WRITING = ("form", "inline", "bulk", "import", "write")
AT_A_STATUS = ("form", "page", "inline", "write", "filter", "sort", "history", "search")
ALWAYS_THERE = ("page", "list", "export", "read")


@pytest.fixture
def channels(world, browse, call, entity):
    """Return the channels of a type, as they are without a rule."""
    return Channels(world, browse, call, entity)


@pytest.mark.parametrize("entity", [registry.get("leads")])
def test_every_channel_shows_fields_without_a_rule(channels):
    """The other tests could not fail where a channel shows nothing anyway."""
    shown = channels.ask()
    assert [name for name in CHANNELS if not shown.get(name, set()) & {"description", "email"}] == []


@ENTITIES
def test_a_field_that_is_hidden_is_on_no_channel(channels):
    """ACC-6, FORM-2: hidden at every status it is absent everywhere, as if there were no such field."""
    channels.rule(FieldRule.Mode.HIDDEN)
    assert channels.ask() == {}


@OF_STATUS
def test_a_field_that_is_hidden_at_a_status_is_empty_there(channels, entity):
    """FORM-2: the record's own channels show and take nothing, and nobody can ask for records by it."""
    status = channels.values[entity.listing.status]
    channels.keys.remove(entity.listing.status)
    channels.rule(FieldRule.Mode.HIDDEN, status)
    assert channels.ask(*AT_A_STATUS) == {}
    values = channels.read_values()
    assert {key: values[key] for key in channels.keys if values[key] not in (None, [])} == {}


@ENTITIES
def test_a_field_that_is_read_only_is_shown_and_not_taken(channels):
    """FORM-2: no channel takes it, all that show it go on."""
    before = channels.ask(*ALWAYS_THERE)
    channels.rule(FieldRule.Mode.READ_ONLY)
    assert channels.ask(*WRITING) == {}
    assert channels.ask(*ALWAYS_THERE) == before


@ENTITIES
def test_a_field_that_is_required_is_marked_and_asked_for(channels, entity):
    """FORM-1, FORM-2: every channel that writes it asks for a value; no is an answer too."""
    channels.rule(FieldRule.Mode.REQUIRED)
    form = channels.context(f"{entity.url(channels.record.pk)}edit").get("form")
    assert all(entry.field.required for entry in (form.entries if form else ()) if entry.name in channels.keys)
    yes_or_no = {key for key in channels.keys if fields_of(entity)[key].type.category in ("boolean", "json")}
    channels.values |= dict.fromkeys(channels.keys)
    assert fields_taken(channels) <= yes_or_no
