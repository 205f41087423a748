"""Formats of export: what one app registers, menus, pages and `kanal export` offer."""

import json

import pytest
from django.core.management import CommandError, call_command

from kanal.core import registry
from kanal.features.exporting.formats import FORMATS, ExportFormat, formats_of, register_format
from kanal.kit.registries import unfrozen
from kanal.web.lists.page import exports_of
from kanal.web.lists.routes import routes
from kanal.web.lists.state import State

pytestmark = pytest.mark.django_db


def json_lines(rows):
    for page in rows.pages():
        for row in page.rows:
            yield json.dumps({column.key: column.field.dump(row.values[column.key]) for column in rows.columns}) + "\n"


@pytest.fixture
def registered():
    with unfrozen():
        yield register_format(
            ExportFormat(
                "jsonl", "As JSON lines", "jsonl", "application/jsonl", json_lines,
                applies=lambda entity: entity.key == "ships",
            )
        )  # fmt: skip


def test_a_format_is_offered_where_it_applies(registered):
    """LIST-7: the menu of the list, its address and the command follow from the registration."""
    ships, leads = registry.get("ships"), registry.get("leads")
    assert "As JSON lines" in [entry["label"] for entry in exports_of(ships, State(), None)]
    assert "data/export.jsonl" in [address for address, _name, _page in routes(ships)]
    assert "jsonl" not in [export_format.key for export_format in formats_of(leads)]
    assert "data/export.jsonl" not in [address for address, _name, _page in routes(leads)]


def test_a_command_writes_each_format(registered, make_ship, admin, tmp_path, capsys):
    ship = make_ship()
    options = {"user": admin.username, "columns": "name"}
    for name in ("ships.jsonl", "ships.csv", "ships"):
        call_command("export", "ships", str(tmp_path / name), **options)
    assert json.loads((tmp_path / "ships.jsonl").read_text()) == {"name": ship.name}
    assert (tmp_path / "ships").read_bytes() == (tmp_path / "ships.csv").read_bytes()
    call_command("export", "ships", format="jsonl", **options)
    assert json.loads(capsys.readouterr().out) == {"name": ship.name}
    with pytest.raises(CommandError, match="no format “xml”"):
        call_command("export", "ships", format="xml", **options)


def test_a_list_without_records_is_an_empty_file(registered, make_ship, admin, tmp_path):
    """LIST-7: also in a format without a header."""
    for name in ("ships.jsonl", "contacts.vcf"):
        call_command("export", name.split(".")[0], str(tmp_path / name), user=admin.username)
        assert (tmp_path / name).read_bytes() == b""


def test_the_default_does_not_depend_on_who_registers_first(registered):
    others = FORMATS.snapshot()
    FORMATS.restore(dict(reversed(others.items())))
    offered = [export_format.key for export_format in formats_of(registry.get("ships"))]
    assert offered == ["csv", "xlsx", "pdf", "jsonl"]


def test_nothing_is_registered_twice(registered):
    with pytest.raises(ValueError, match="twice"):
        register_format(ExportFormat("csv", "Other", "csv", "text/csv", json_lines))
    assert [export_format.key for export_format in FORMATS.values()] == ["csv", "xlsx", "pdf", "vcf", "ics", "jsonl"]


@pytest.mark.parametrize("asked", ["sort=shoe_size", "sort=-", "group=shoe_size"])
@pytest.mark.parametrize("entity", ["accounts", "activities"])
def test_an_unknown_sort_or_group_is_refused_before_the_file_begins(client, admin, entity, asked):
    """LIST-7: with a reason, not by a file that breaks off."""
    client.force_login(admin)
    entity = registry.get(entity)
    for export_format in formats_of(entity):
        response = client.get(f"/{entity.path}/data/export.{export_format.key}?{asked}")
        assert response.status_code == 422, export_format.key
