"""Whatever is deleted with its parent leaves nothing behind by type and id: search, comments, files (FILE-1)."""

import pytest
from django.db import connection, transaction

from kanal.core import companions, registry, writes
from kanal.core.actor import SYSTEM
from kanal.features.comments.models import Comment
from kanal.features.files.models import File, Version
from kanal.features.search.models import SearchEntry
from kanal.kit.errors import KanalError
from tests.contract.test_registry import ENTITIES

# What is kept of records that are gone: their history, and the audit log.
KEPT = {"core_change", "core_auditentry"}
HOLDS = """
SELECT table_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name IN ('entity', 'record_id')
GROUP BY table_name HAVING count(*) = 2
"""


def left_over(entity):
    """Count what stands beside records of a type that are no more."""
    counts = {}
    for table in companions.tables():
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE entity = %s'
                f' AND record_id NOT IN (SELECT id FROM "{entity.model._meta.db_table}")',
                [entity.key],
            )
            counts[table] = cursor.fetchone()[0]
    return counts


def test_every_table_beside_records_is_known(world):
    """A new table with a type and an id says that its rows go with the record, or stands among those that stay."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDS)
        assert {name for (name,) in cursor.fetchall()} == {*companions.tables(), *KEPT}


@ENTITIES
@pytest.mark.parametrize("many", [False, True])
def test_nothing_is_left_of_a_family(world, entity, many):
    """Each record of the world has a comment, a file and an entry; the root is deleted as far as it lets itself be."""
    with transaction.atomic():
        for key, record in world.records.items():
            Comment.objects.create(entity=key, record_id=record.pk, text="Beside it")
            file = File.objects.create(entity=key, record_id=record.pk, name="beside.txt")
            Version.objects.create(
                file=file, number=1, key=f"key{file.pk}", content="x", kind="text/plain", size=1, digest="0"
            )
            SearchEntry.objects.update_or_create(entity=key, record_id=record.pk, defaults={"title": "Beside"})
        before = {record_type.key: left_over(record_type) for record_type in registry.all_entities()}
        record = world.find(entity.key)
        try:
            if many:
                writes.delete_many(entity.model._default_manager.filter(pk=record.pk), by=SYSTEM)
            else:
                with transaction.atomic():
                    writes.delete(record, by=SYSTEM)
        except KanalError:
            pass
        assert {record_type.key: left_over(record_type) for record_type in registry.all_entities()} == before
        assert Version.objects.filter(file=None).count() == 0
        transaction.set_rollback(True)


def test_items_of_a_deleted_deal_are_not_found_any_more(world):
    """Opportunity → quotes → items, and contact → channels: deleted by the database alone, too."""
    for key in ("quote-items", "channels"):
        entity, record = registry.get(key), world.find(key)
        SearchEntry.objects.update_or_create(entity=key, record_id=record.pk, defaults={"title": "Beside"})
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f'DELETE FROM "{entity.model._meta.db_table}" WHERE id = %s', [record.pk])
            assert not SearchEntry.objects.filter(entity=key, record_id=record.pk).exists()
            transaction.set_rollback(True)
