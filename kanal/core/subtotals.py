"""Subtotals by status, maintained by triggers: a board of a million records reads its sums from few rows (PERF-7).

Each statement that changes records adds rows with its changes, so nothing blocks. A job merges them regularly. They
apply to readers who see all records. For others the sums are computed from the records (ACC-7).
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kanal.core.entity import Entity
from kanal.core.jobs import periodic

FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$;
CREATE OR REPLACE TRIGGER {trigger} AFTER {operation} ON "{table}" REFERENCING {tables}
FOR EACH STATEMENT EXECUTE FUNCTION {name}()
"""
STANDING = """
SELECT p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = %s::regclass AND t.tgname = %s AND p.proname = %s
"""
FROM = {
    "INSERT": ("NEW TABLE AS new_rows", "SELECT *, 1 AS sign FROM new_rows"),
    "UPDATE": (
        "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "SELECT *, 1 AS sign FROM new_rows UNION ALL SELECT *, -1 FROM old_rows",
    ),
    "DELETE": ("OLD TABLE AS old_rows", "SELECT *, -1 AS sign FROM old_rows"),
}
JOIN = """
WITH gone AS (DELETE FROM core_subtotal WHERE entity = '{key}' RETURNING *)
INSERT INTO core_subtotal (entity, status, project, currency, number, sums)
SELECT entity, status, project, currency, sum(number), jsonb_build_object({sums}) FROM gone
GROUP BY entity, status, project, currency HAVING sum(number) <> 0
"""


def has_subtotals(entity: Entity) -> bool:
    """Return whether a type has subtotals: it has a board of all its records, whose columns are rows of a table."""
    if not entity.has_board or entity.listing.default_filter:
        return False
    return bool(entity.model._meta.get_field(entity.listing.status).many_to_one)


def summed(entity: Entity) -> list[str]:
    """Return the names of the summed columns: amounts in the records' own currency, and converted to the main one."""
    from kanal.core.fields import fields_of

    money = [field for field in fields_of(entity).values() if field.type.category == "money" and not field.is_custom]
    names = [
        name for field in money if field.currency == "currency" for name in (field.column, field.converted) if name
    ]
    return sorted(dict.fromkeys(names))


def adding(entity: Entity, rows: str) -> str:
    """Return the statement that adds the changes of some signed rows."""
    status = entity.model._meta.get_field(entity.listing.status).column
    project = entity.model._meta.get_field(entity.scope.project).column if entity.scope.project else "NULL::bigint"
    names = summed(entity)
    parts = [(name, f"sum({name} * sign)") for name in names] + [
        (f"n:{name}", f"sum({counted(name)})") for name in names
    ]
    sums = ", ".join(f"'{name}', coalesce({sql}, 0)" for name, sql in parts)
    changed = " OR ".join(["sum(sign) <> 0", *(f"coalesce({sql}, 0) <> 0" for _name, sql in parts)])
    return (
        "INSERT INTO core_subtotal (entity, status, project, currency, number, sums)"
        f" SELECT '{entity.key}', {status}, {project}, {'currency' if names else repr('')}, sum(sign),"
        f" jsonb_build_object({sums}) FROM ({rows}) changed GROUP BY 2, 3, 4 HAVING {changed}"
    )


def counted(name: str) -> str:
    """Return SQL for the number of rows with a value in a column."""
    return f"CASE WHEN {name} IS NULL THEN 0 ELSE sign END"


def install_all(**_signal: Any) -> None:
    """Create the triggers of all types with subtotals, and add up existing records."""
    from kanal.core import registry

    for entity in registry.all_entities():
        if has_subtotals(entity) and install_subtotal_triggers(entity):
            rebuild(entity)


def install_subtotal_triggers(entity: Entity) -> bool:
    """Create or replace the triggers of a type. Return whether anything changed.

    Each has its own function, whose statement is planned once per connection: that is most of its cost.
    """
    table, changed = entity.model._meta.db_table, False
    with connection.cursor() as cursor:
        for operation, (tables, rows) in FROM.items():
            trigger = f"kanal_subtotals_{operation.lower()}"
            name, body = f"{trigger}_{entity.key.replace('-', '_')}", f"BEGIN {adding(entity, rows)}; RETURN NULL; END"
            cursor.execute(STANDING, [table, trigger, name])
            row = cursor.fetchone()
            if row and row[0].strip() == body:
                continue
            cursor.execute(
                FUNCTION.format(name=name, body=body, trigger=trigger, operation=operation, table=table, tables=tables)
            )
            changed = True
    return changed


@transaction.atomic
def rebuild(entity: Entity) -> None:
    """Recompute a type's sums, blocking writes and merges. Readers see the old sums until the commit."""
    table = entity.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f'LOCK TABLE "{table}" IN SHARE MODE')
        cursor.execute("LOCK TABLE core_subtotal IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM core_subtotal WHERE entity = %s", [entity.key])
        cursor.execute(adding(entity, f'SELECT *, 1 AS sign FROM "{table}"'))


def join_all() -> None:
    """Merge the rows of each type with the same keys."""
    from kanal.core import registry

    for entity in registry.all_entities():
        if has_subtotals(entity):
            keys = [key for name in summed(entity) for key in (name, f"n:{name}")]
            sums = ", ".join(f"'{key}', sum((sums->>'{key}')::numeric)" for key in keys)
            with connection.cursor() as cursor:
                cursor.execute(JOIN.format(key=entity.key, sums=sums))


@periodic("core.join_subtotals", cron="*/10 * * * *", label=_("Subtotals of boards"), lock="core.join_subtotals")
def join_subtotals(timestamp: int) -> None:
    """Merge the changes into the subtotals, so that boards keep reading few rows."""
    join_all()


def read_subtotals(
    entity: Entity, columns: Sequence[str], statuses: Sequence[int] | None, projects: Any
) -> list[tuple]:
    """Return (status, currency, number, a sum for each column or None) of all records, or those of some projects."""
    sums = "".join(
        f", CASE WHEN sum((sums->>'n:{name}')::numeric) > 0 THEN sum((sums->>'{name}')::numeric) END"
        for name in columns
    )
    where = "entity = %s"
    params: list[Any] = [entity.key]
    for column, ids in (("status", statuses), ("project", projects)):
        if ids is not None:
            where, params = f"{where} AND {column} = ANY(%s)", [*params, list(ids)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT status, currency, sum(number)::bigint{sums} FROM core_subtotal WHERE {where}"
            " GROUP BY 1, 2 HAVING sum(number) > 0",
            params,
        )
        return list(cursor.fetchall())
