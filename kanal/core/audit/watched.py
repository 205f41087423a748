"""Tables watched by the audit log: triggers record every change, regardless of author and source (ACC-10).

A table is registered once with `watch`. Pages, the API, jobs and the command line need no code for it.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

from kanal.core.history.triggers import EVENTS
from kanal.core.models import (
    ApiToken,
    Assignment,
    AuditEntry,
    Category,
    Currency,
    CustomField,
    ExchangeRate,
    FieldRule,
    FieldVisibility,
    Role,
    RoleRule,
    SavedFilter,
    Setting,
)
from kanal.kit.registries import Registry

Kind = AuditEntry.Kind
UNTOLD = ("updated_at", "created_at", "created_by_id", "revision", "owner_ids", "custom")
FUNCTION = "kanal_audit"


@dataclass(frozen=True)
class Watched:
    """One table: the kind of its entries, the columns that identify a row, and the logged, hidden or omitted ones.

    `only` limits the logged columns. For a `secret` one only the fact of the change is logged, not its value. Rows with
    one of the `skip` values only concern their owner and aren't logged.
    """

    model: type[Model]
    kind: str
    names: tuple[str, ...]
    only: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    skip: tuple[dict[str, Any], ...] = ()

    @property
    def key(self) -> str:
        """Return the key of the table's entries."""
        return self.model._meta.label_lower

    @property
    def untold(self) -> list[str]:
        """Return the columns that entries omit."""
        columns = [column.column for column in self.model._meta.concrete_fields]
        rest = [name for name in columns if self.only and name not in (*self.only, *self.names)]
        return ["id", *(str(name) for name in columns if name in UNTOLD), *self.without, *map(str, rest)]


_watched: Registry[Watched] = Registry("audited tables", lambda watched: watched.kind)


def watch(model: type[Model], kind: str, *names: str, **more: Any) -> None:
    """Record every change of a table in the audit log. `names` are the columns that identify a row."""
    watched_table = Watched(model, kind, names, **more)
    _watched.register(watched_table.key, watched_table)


def watched() -> dict[str, Watched]:
    """Return the watched tables by their key."""
    return _watched.snapshot()


def mute() -> None:
    """Disable the log until the end of the transaction, for generated data without a real past."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kanal.audit', 'off', true)")


def install_all() -> None:
    """Create the triggers of all watched tables and of their link tables."""
    for registration in _watched.values():
        install_triggers(registration.model._meta.db_table, arguments(registration, "id"))
        for links in registration.model._meta.many_to_many:
            through: Any = links.remote_field.through
            column = links.m2m_column_name()  # type: ignore[attr-defined]
            link = Watched(through, registration.kind, (links.m2m_reverse_name(),), without=(column,))  # type: ignore[attr-defined]
            install_triggers(through._meta.db_table, arguments(link, column, registration.key))


def arguments(registration: Watched, column: str, key: str = "") -> list[str]:
    """Return the arguments of a trigger, in the order in which `kanal_audit` reads them."""
    listed = ["{" + ",".join(some) + "}" for some in (registration.names, registration.untold, registration.secret)]
    return [registration.kind, key or registration.key, column, *listed, json.dumps(registration.skip)]


def install_triggers(table: str, given: list[str]) -> None:
    """Create or replace one trigger per operation, unless it is up to date."""
    call = f"{FUNCTION}({', '.join(map(literal, given))})"
    with connection.cursor() as cursor:
        for operation, tables in EVENTS.items():
            name = f"kanal_audit_{operation.lower()}"
            cursor.execute(
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s",
                [table, name],
            )
            row = cursor.fetchone()
            if not row or call not in row[0]:
                cursor.execute(
                    f'CREATE OR REPLACE TRIGGER {name} AFTER {operation} ON "{table}"'
                    f" REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {call}"
                )


def literal(text: str) -> str:
    """Return a text as an SQL literal. The texts are trusted."""
    return "'" + text.replace("'", "''") + "'"


watch(Role, Kind.RIGHTS, "name")
watch(RoleRule, Kind.RIGHTS, "role_id", "entity")
watch(Assignment, Kind.RIGHTS, "role_id", "user_id", "group_id", "project_id")
watch(FieldVisibility, Kind.RIGHTS, "entity", "field")
watch(FieldRule, Kind.RIGHTS, "entity", "field", "role_id", "status")
watch(ApiToken, Kind.TOKEN, "name", "user_id", only=("scopes", "expires_at"))
watch(Category, Kind.SETTINGS, "name", "group")
watch(Currency, Kind.SETTINGS, "code")
watch(ExchangeRate, Kind.SETTINGS, "currency_id", "day")
watch(CustomField, Kind.SETTINGS, "name", "entity")
watch(Setting, Kind.SETTINGS, "key", skip=({"key": "backup.last"}, {"key": "backup.failed"}, {"key": "demo"}))
watch(SavedFilter, Kind.SETTINGS, "name", "entity", "owner_id", without=("problem",), skip=({"audience": "private"},))
