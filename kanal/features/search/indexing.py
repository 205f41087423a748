"""Update the search index: within the transaction of each change, and for a whole type by the command."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from kanal.core import registry
from kanal.core.access.field_rules import field_rules, limited_fields
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.models import FieldRule
from kanal.features.search.acl_tokens import scope_columns, words_of_scope
from kanal.features.search.models import SearchEntry
from kanal.features.search.words import index_words, spellable
from kanal.kit.letters import fold

BATCH = 2000
ALWAYS = ("email", "phone")
COLUMNS = "entity, record_id, title, hint, folded, words, scope"
LEARN = """
INSERT INTO search_searchword (word) SELECT one FROM unnest(%s::text[]) one
WHERE NOT EXISTS (SELECT FROM search_searchword known WHERE known.word = one)
ON CONFLICT DO NOTHING
"""
UPSERT = f"""
WITH learnt AS ({LEARN})
INSERT INTO search_searchentry AS old ({COLUMNS})
SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
ON CONFLICT (entity, record_id) DO UPDATE SET title = excluded.title, hint = excluded.hint,
  folded = excluded.folded, words = excluded.words, scope = excluded.scope
WHERE (old.title, old.hint, old.words, old.scope)
  IS DISTINCT FROM (excluded.title, excluded.hint, excluded.words, excluded.scope)
"""  # noqa: S608
LEFT_OVER = """
DELETE FROM search_searchentry entry WHERE entity = %s
AND NOT EXISTS (SELECT FROM {table} record WHERE record.id = entry.record_id)
"""
Entry = tuple[str, int, str, str, str, str, str]


def is_searched(entity: Entity) -> bool:
    """Return whether search covers a type. It excludes lists that administrators maintain."""
    return entity.is_searchable and bool(entity.listing.search) and not entity.path.startswith("settings/")


def searched_types() -> list[Entity]:
    """Return the types that search covers."""
    return [entity for entity in registry.all_entities() if is_searched(entity)]


def searched_fields(entity: Entity) -> list[Field]:
    """Return the fields that search covers. A field hidden from anyone is excluded, so that nobody can probe it."""
    hidden = {*limited_fields(entity.key), *hidden_by_rules(entity.key)}
    return [
        field
        for field in fields_of(entity).values()
        if field.type.category == "text"
        and field.key not in hidden
        and (field.searchable or field.type.key in ALWAYS or field.key.endswith("number"))
    ]


def hidden_by_rules(entity_key: str) -> set[str]:
    """Return the fields that are hidden from some role in some status (FORM-2)."""
    return {rule.field for rule in field_rules(entity_key) if rule.mode == FieldRule.Mode.HIDDEN}


def index_entry(entity: Entity, pk: int, title: str, values: list[tuple[Field, Any]], scope: str) -> Entry:
    """Return a record's index entry from its searched fields and its words for visibility."""
    texts = [(field, str(value)) for field, value in values if value]
    phones = [text for field, text in texts if field.type.key == "phone"]
    others = [text for field, text in texts if field.type.key != "phone"]
    hint = next((text for field, text in texts if field.key != entity.title and text != title), "")
    folded = fold(title)[:300]
    return entity.key, pk, title[:300], hint[:200], folded, index_words([str(pk), title, *others], phones), scope


def save_entry(entity: Entity, record: Any, changed: set[str]) -> None:
    """Update the entry of a saved record if an indexed value changed. A new record has a title."""
    save_entries(entity, [record], changed)


def save_entries(entity: Entity, records: Sequence[Any], changed: set[str]) -> None:
    """Update the entries of some records with one statement if an indexed value changed."""
    if is_searched(entity) and changed & read_columns(entity):
        write_entries(entity, records)


def read_columns(entity: Entity) -> set[str]:
    """Return the columns that entries are built from."""
    named = {name for field in searched_fields(entity) for name in field.columns()}
    return {entity.title, *named, *scope_columns(entity)}


def write_entries(entity: Entity, records: Sequence[Any]) -> None:
    """Write the entries of some records and store their words with one statement, ordered by id."""
    fields = searched_fields(entity)
    new_entries = []
    for record in sorted(records, key=lambda other: other.pk):
        title = str(getattr(record, entity.title) or f"#{record.pk}")
        scope = words_of_scope(entity, {name: getattr(record, name) for name in scope_columns(entity)})
        new_entries.append(
            index_entry(entity, record.pk, title, [(field, field.get(record)) for field in fields], scope)
        )
    insert_entries(new_entries)


def insert_entries(rows: list[Entry]) -> None:
    """Write entries and the words of their names with one statement, skipping existing ones."""
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [sorted(words_in(rows)), *(list(column) for column in zip(*rows, strict=True))])


def move_entry(entity: Entity, record: Any) -> None:
    """Update the entry of a record whose visibility changed without a change of its own (ACC-3)."""
    move_entries(entity, [record])


def move_entries(entity: Entity, records: Sequence[Any]) -> None:
    """Update the entries of records whose visibility changed."""
    if records and is_searched(entity) and scope_columns(entity):
        write_entries(entity, records)


def delete_entry(entity: Entity, pk: int) -> None:
    """Delete the entry of a deleted record."""
    delete_entries(entity, [pk])


def delete_entries(entity: Entity, pks: Sequence[int]) -> None:
    """Delete the entries of deleted records."""
    if is_searched(entity):
        SearchEntry.objects.filter(entity=entity.key, record_id__in=pks).delete()  # direct write: the search index


def entries(entity: Entity, records: QuerySet | None = None) -> Iterator[Entry]:
    """Yield the entries of all or some records of a type, read as plain values."""
    fields = searched_fields(entity)
    columns = dict.fromkeys(["pk", *read_columns(entity)])
    selected = entity.model._default_manager.all() if records is None else records
    for row in selected.order_by("pk").values(*columns).iterator(chunk_size=BATCH):
        title = str(row[entity.title] or f"#{row['pk']}")
        scope = words_of_scope(entity, row)
        yield index_entry(entity, row["pk"], title, [(field, field.read(row)) for field in fields], scope)


def rebuild(entity: Entity) -> int:
    """Rebuild the entries of a type, some thousand at a time, and return their number.

    Only different entries are written, so that people can work and search in the meantime.
    """
    number, last, count = 0, 0, -1
    while count:
        last, count = rebuild_some(entity, last)
        number += count
    with connection.cursor() as cursor:
        cursor.execute(LEFT_OVER.format(table=connection.ops.quote_name(entity.model._meta.db_table)), [entity.key])
    return number


def rebuild_some(entity: Entity, after: int) -> tuple[int, int]:
    """Update the next records' entries that differ. Return the last id and their number."""
    records = entity.model._default_manager.filter(pk__gt=after)
    ids = list(records.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not ids:
        return after, 0
    rows = list(entries(entity, records.filter(pk__lte=ids[-1])))
    standing = SearchEntry.objects.filter(entity=entity.key, record_id__gt=after, record_id__lte=ids[-1])
    different = set(rows).difference(standing.values_list(*COLUMNS.split(", ")))
    learn(words_in(rows))
    reindex_records(entity, [row[1] for row in different])
    return ids[-1], len(ids)


@transaction.atomic
def reindex_records(entity: Entity, ids: list[int]) -> None:
    """Update the entries of some records, which are locked."""
    records = entity.model._default_manager.filter(pk__in=ids).select_for_update(of=("self",), no_key=True)
    if rows := list(entries(entity, records)):
        insert_entries(rows)


def copy_entries(rows: list[Entry]) -> None:
    """Write entries with COPY. They're already in memory, since nothing can be read during a COPY."""
    with connection.cursor() as cursor, cursor.copy(f"COPY search_searchentry ({COLUMNS}) FROM STDIN") as stream:
        for row in rows:
            stream.write_row(row)


def words_in(rows: list[Entry]) -> set[str]:
    """Return the words of the entries' names."""
    return {word for row in rows for word in spellable(row[4])}


def learn(words: Iterable[str]) -> None:
    """Store words of names, in a fixed order so that two writers never deadlock."""
    with connection.cursor() as cursor:
        cursor.execute(LEARN, [sorted(set(words))])
