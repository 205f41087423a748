"""The many-to-many links of records, read with one query for all fields."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection, connections, router

from kanal.core.fields.field import Field


def linked_ids(record: Any, fields: Iterable[Field]) -> dict[str, list[int]]:
    """Return the linked ids of each field of a record, by key. Fields of other types are ignored."""
    linking = [field for field in fields if field.links is not None]
    row: dict[str, Any] = {"id": record.pk, **{field.key: [] for field in linking}}
    read_links(linking, [row] if record.pk else [])
    return {field.key: row[field.key] for field in linking}


def read_links(fields: Iterable[Field], rows: list[dict]) -> None:
    """Add the ids of linked records to the rows, with one query for all link tables."""
    linking = [field for field in fields if field.links is not None]
    if not linking or not rows:
        return
    linked_ids: dict[tuple[int, int], list[int]] = defaultdict(list)
    each = " UNION ALL ".join(links_in(field, place) for place, field in enumerate(linking))
    with connections[router.db_for_read(linking[0].links.model)].cursor() as cursor:
        cursor.execute(f"{each} ORDER BY 3", [[row["id"] for row in rows]] * len(linking))
        for place, pk, other in cursor.fetchall():
            linked_ids[place, pk].append(other)
    for row in rows:
        row.update((field.key, linked_ids[place, row["id"]]) for place, field in enumerate(linking))


def links_in(field: Field, place: int) -> str:
    """Return the statement that reads one link table."""
    links: Any = field.links.remote_field.through._meta
    names = (field.links.m2m_field_name(), field.links.m2m_reverse_field_name())
    near, far = (connection.ops.quote_name(links.get_field(name).column) for name in names)
    table = connection.ops.quote_name(links.db_table)
    return f"SELECT {place}, {near}, {far} FROM {table} WHERE {near} = ANY(%s)"
