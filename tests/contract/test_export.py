"""What is exported can be imported again, column by column, and means the same (EXP, IMP)."""

import datetime as dt
from typing import Any

import pytest

from kanal.core import access, registry, writes
from kanal.core.actor import Actor, ChangeSource
from kanal.features.exporting.formats import formats_of
from kanal.features.importing import mapping, reading
from kanal.features.importing.runner import run_all
from kanal.features.importing.survey import Survey, open_questions
from kanal.features.importing.values import Reader
from tests.web.importing import begun, reasons

BOTH = [entity for entity in registry.all_entities() if entity.is_exportable and entity.is_importable]


def exported(client: Any, entity: Any, pk: int, keys: list[str]) -> tuple[list[str], list[str]]:
    """Export one record's fields; return heads and cells as an import reads them."""
    url = f"/{entity.path}/data/export.csv?columns={','.join(keys)}&filter=id:is({pk})"
    table = reading.read_table(b"".join(client.get(url).streaming_content), "export.csv")
    rows = list(table.rows)
    assert len(rows) == 1, f"{url}: {len(rows)} rows"
    return table.heads, rows[0][1]


@pytest.mark.parametrize("entity", BOTH, ids=[entity.key for entity in BOTH])
def test_an_export_imported_again_changes_nothing(world, browse, entity):
    """IMP-1: the heads are guessed, each cell is read back as the value that was written."""
    record, user = world.records[entity.key], world.admin
    record.refresh_from_db()
    offered = mapping.targets(user, entity)
    fields = access.FieldContext(user, entity).writable
    heads, cells = exported(browse(), entity, record.pk, [key for key in fields if key in offered])
    guessed = mapping.guess(heads, offered)
    assert set(heads) == set(guessed), "an exported head is not known to the import"
    reader = Reader(fields, mapping.places(heads, guessed), user, dt.UTC, context=access.clean_context(user))
    values = reader.values(cells)
    present = {key: fields[key].get(record) for key in values}
    changed = writes.change(record, values, by=Actor(user, ChangeSource.IMPORT))
    assert {key: fields[key].get(changed) for key in values} == present


@pytest.mark.parametrize(
    ("entity", "export_format"),
    [
        (entity, export_format)
        for entity in registry.all_entities()
        for export_format in formats_of(entity)
        if export_format.streamed_rows != 0  # a job makes the others
    ],
    ids=lambda each: each.key,
)
def test_every_format_holds_the_records(world, browse, entity, export_format):
    """LIST-7: each format of a type is a file of its kind, with what the list shows."""
    response = browse().get(f"/{entity.path}/data/export.{export_format.key}")
    assert response.status_code == 200
    assert response["Content-Type"] == export_format.content_type
    assert f"{entity.key}-" in response["Content-Disposition"]
    assert f".{export_format.extension}" in response["Content-Disposition"]
    assert b"".join(response.streaming_content)


@pytest.mark.parametrize("columns", ["?columns=*", ""], ids=["whole", "shown"])
@pytest.mark.parametrize("entity", BOTH, ids=[entity.key for entity in BOTH])
def test_a_file_of_kanal_goes_in_without_questions(world, browse, entity, columns):
    """IMP-2: our own file finds its records, asks nothing and changes nothing, computed columns included."""
    content = b"".join(browse().get(f"/{entity.path}/data/export.csv{columns}").streaming_content)
    run = begun(world.admin, entity.key, content)
    assert run.match == "id"
    assert not open_questions(Survey.of(run.survey), run.formats)
    run_all(run)
    assert not reasons(run)
    assert (run.created, run.updated) == (0, 0)
    assert run.unchanged == Survey.of(run.survey).rows > 0
