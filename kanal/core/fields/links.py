"""The links of one record to several others, field by field, read by one statement."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from kanal.core.fields.field import Field


def links_of(record: Any, fields: Iterable[Field]) -> dict[str, list[int]]:
    """Give the ids that each field of several records holds, by key; fields of other kinds are passed over."""
    linking = [one for one in fields if one.links is not None]
    found: dict[str, list[int]] = {one.key: [] for one in linking}
    if not linking or record.pk is None:
        return found
    each = " UNION ALL ".join(rows_of(one, place) for place, one in enumerate(linking))
    with connection.cursor() as cursor:
        cursor.execute(f"{each} ORDER BY 1, 2", [record.pk] * len(linking))
        for place, pk in cursor.fetchall():
            found[linking[place].key].append(pk)
    return found


def rows_of(field: Field, place: int) -> str:
    """Write the statement that reads the table of links of one field."""
    links = field.links
    table = links.remote_field.through._meta
    near, far = (table.get_field(name).column for name in (links.m2m_field_name(), links.m2m_reverse_field_name()))
    return f'SELECT {place}, "{far}" FROM "{table.db_table}" WHERE "{near}" = %s'
