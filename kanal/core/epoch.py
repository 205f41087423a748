"""The number of changes of cached tables: counted by triggers, read with sessions, tokens and jobs (ADR 15).

A change counts with its commit. Each writer uses the first row that isn't locked, so none waits for another.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Func

from kanal.core import models
from kanal.core.cache import keep_up, known_epoch

NUMBER = "(SELECT coalesce(sum(number), 0)::bigint FROM core_epoch)"
FUNCTION = """
CREATE OR REPLACE FUNCTION kanal_count_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('kanal.epoch', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
    PERFORM set_config('kanal.epoch', pg_current_xact_id()::text, true);
    UPDATE core_epoch SET number = number + 1
    WHERE id = (SELECT id FROM core_epoch ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED);
    IF NOT FOUND THEN
      INSERT INTO core_epoch DEFAULT VALUES;
    END IF;
    PERFORM pg_notify('kanal_live', '{"rights": true}');
  END IF;
  RETURN NULL;
END $$;
"""
TRIGGER = """
CREATE OR REPLACE TRIGGER kanal_epoch AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE OF {columns} ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION kanal_count_epoch()
"""
CORE = (
    models.Assignment, models.Category, models.Currency, models.CustomField, models.ExchangeRate, models.FieldRule,
    models.FieldVisibility, models.Grant, models.ProjectPath, models.Role, models.RoleRule, models.Setting,
    models.SupervisorPath,
)  # fmt: skip
# Columns whose changes don't matter to others: the last sign-in, the page theme.
ASIDE = {"id", "revision", "updated_at", "last_login", "theme"}


def epoch_expression() -> Func:
    """Return the expression that reads the number within another statement."""
    return Func(template=NUMBER, output_field=BigIntegerField())


def read_epoch() -> int:
    """Return the number, read by its own statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NUMBER}")
        return cursor.fetchone()[0]


def catch_up() -> None:
    """Clear outdated caches at the beginning of a job, where no session or token is read."""
    keep_up(read_epoch())


def current_epoch() -> int:
    """Return the number known to this process. Read it first if none is known."""
    if known_epoch() is None:
        catch_up()
    return known_epoch() or 0


def tables() -> Iterator[tuple[str, list[str]]]:
    """Yield the cached tables, each with its relevant columns."""
    from kanal.core import registry

    chosen = [entity.model for entity in registry.all_entities() if is_cached(entity)]
    links = [field.remote_field.through for entity in registry.all_entities() for field in members_in(entity)]
    for model in dict.fromkeys([*CORE, *chosen, *links]):
        columns = [field.column for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
        yield model._meta.db_table, [column for column in columns if column not in ASIDE] or columns


def is_cached(entity: Any) -> bool:
    """Return whether rows of a type are cached, as others choose from them."""
    return entity.is_lookup or issubclass(entity.model, models.Choice)


def members_in(entity: Any) -> list[Any]:
    """Return the many-to-many fields of a cached type, such as the members of groups."""
    return list(entity.model._meta.many_to_many) if is_cached(entity) else []


def install_epoch_triggers() -> None:
    """Create or replace the trigger of each table, unless it is up to date."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'kanal_epoch'"
        )
        standing = {table.strip('"'): text for table, text in cursor.fetchall()}
        for table, columns in tables():
            named = ", ".join(connection.ops.quote_name(column) for column in columns)
            plain = ", ".join(columns)
            if f"UPDATE OF {plain} ON" not in standing.get(table, "").replace('"', ""):
                cursor.execute(TRIGGER.format(table=table, columns=named))
