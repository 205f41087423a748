"""The triggers that write the history, created for every registered type after each migration."""

from typing import Any

from django.db import connection

from kanal.core.entity import Entity

ALWAYS = ("id", "revision", "updated_at", "owner_ids")
EVENTS = {"INSERT": "NEW TABLE AS new_rows", "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
          "DELETE": "OLD TABLE AS old_rows"}  # fmt: skip


def unkept(entity: Entity) -> list[str]:
    """Return the columns that the history omits: computed and internal ones."""
    from kanal.core.fields import fields_of

    converted = [field.converted for field in fields_of(entity).values() if field.converted]
    columns = entity.model._meta.concrete_fields
    generated = [column.column for column in columns if getattr(column, "generated", False)]
    derived = [column.column for column in columns if getattr(column, "is_derived", False)]
    secret = [name for name in ("password", "last_login") if hasattr(entity.model, name)]
    keys = [name for name in entity.internal if name.endswith("_key")]
    return [*ALWAYS, *converted, *generated, *derived, *secret, *keys]


def install_all(**_signal: Any) -> None:
    """Create the triggers of all registered types and of their link tables."""
    from kanal.core import registry

    for entity in registry.all_entities():
        if entity.has_history:
            table = entity.model._meta.db_table
            install_triggers(
                table, "kanal_track", entity.key, "{" + ",".join(unkept(entity)) + "}", ("INSERT", "UPDATE", "DELETE")
            )
            for links in entity.model._meta.many_to_many:
                track_links(entity, links)


def track_links(entity: Entity, links: Any) -> None:
    """Create the triggers of a link table: they write to the history of the record that declares the field."""
    through = links.remote_field.through
    if not through._meta.auto_created:
        return
    given = f"{links.m2m_column_name()},{links.m2m_reverse_name()},{links.name}"
    install_triggers(through._meta.db_table, "kanal_track_links", entity.key, "{" + given + "}", ("INSERT", "DELETE"))


def install_triggers(table: str, function: str, entity_key: str, given: str, operations: tuple[str, ...]) -> None:
    """Create or replace one trigger per operation, unless it is up to date."""
    with connection.cursor() as cursor:
        for operation in operations:
            name = f"kanal_history_{operation.lower()}"
            call = f"{function}('{entity_key}', '{given}')"
            cursor.execute(
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s",
                [table, name],
            )
            row = cursor.fetchone()
            if row and call in row[0]:
                continue
            cursor.execute(
                f'CREATE OR REPLACE TRIGGER {name} AFTER {operation} ON "{table}"'
                f" REFERENCING {EVENTS[operation]} FOR EACH STATEMENT EXECUTE FUNCTION {call}"
            )
