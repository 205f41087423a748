"""Rows that belong to a record by its type and id (search entries, comments, files) and are deleted with it.

A record may be deleted with its parent, in bulk or by SQL, so database triggers do it, one set for each type.
"""

from django.db import connection

from kanal.kit.registries import ListRegistry, Registry

DELETED = "kanal_companions"
FUNCTION = """
CREATE OR REPLACE FUNCTION kanal_delete_companions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{statements}
  RETURN NULL;
END $$;
"""
TRIGGER = """
CREATE OR REPLACE TRIGGER {name} AFTER DELETE ON "{table}" REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION kanal_delete_companions('{entity}')
"""
THOSE = "entity = TG_ARGV[0] AND record_id IN (SELECT id FROM old_rows)"
_tables: Registry[dict[str, str]] = Registry("companion tables", lambda below: ", ".join(below) or "–")
_hanging: ListRegistry[tuple[str, str]] = ListRegistry("companions of companions", " ".join)


def declare_table(table: str, **below: str) -> None:
    """Declare a table with the columns `entity` and `record_id`. `below` are tables that depend on it: table=column."""
    _tables.register(table, below)


def hang(table: str, column: str, *, on: str) -> None:
    """Declare a table of another app whose rows depend by a column on one that was declared under a companion."""
    _hanging.add(on, (table, column))


def tables() -> list[str]:
    """Return the declared tables."""
    return sorted(_tables.keys())


def statements() -> str:
    """Return the SQL that deletes the companions of deleted records, dependent rows first."""
    lines = []
    for table, below in sorted(_tables.snapshot().items()):
        for lower, column in sorted(below.items()):
            rows = f'"{lower}" WHERE "{column}" IN (SELECT id FROM "{table}" WHERE {THOSE})'
            lines += [
                f'  DELETE FROM "{lowest}" WHERE "{by}" IN (SELECT id FROM {rows});'
                for lowest, by in sorted(_hanging.of(lower))
            ]
            lines.append(f"  DELETE FROM {rows};")
        lines.append(f'  DELETE FROM "{table}" WHERE {THOSE};')
    return "\n".join(lines)


def install_companion_triggers() -> None:
    """Create the function, and a trigger on the table of each record type."""
    from kanal.core import registry

    with connection.cursor() as cursor:
        cursor.execute(FUNCTION.format(statements=statements()))
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [DELETED])
        standing = {name.strip('"') for (name,) in cursor.fetchall()}
        for entity in registry.all_entities():
            table = entity.model._meta.db_table
            if table not in standing:
                cursor.execute(TRIGGER.format(name=DELETED, table=table, entity=entity.key))
