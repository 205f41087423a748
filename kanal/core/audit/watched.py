"""Which tables the audit log watches: triggers note every change there, whoever makes it and by what means (ACC-10).

A table is named once, by `watch`; pages, API, jobs and the command line need not think of it.
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
    """One table: the kind of its entries, the columns that name a row, and those that are told, hidden or left out.

    `only` limits what is told to some columns; of a secret one it is told that it changed, not what it is; rows that
    hold one of the `skip` values are nobody's business but their owner's.
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
        """Return what entries of the table are filed under."""
        return self.model._meta.label_lower

    @property
    def untold(self) -> list[str]:
        """Return the columns that entries leave out."""
        columns = [column.column for column in self.model._meta.concrete_fields]
        rest = [name for name in columns if self.only and name not in (*self.only, *self.names)]
        return ["id", *(str(name) for name in columns if name in UNTOLD), *self.without, *map(str, rest)]


_watched: Registry[Watched] = Registry("audited tables", lambda watched: watched.kind)


def watch(model: type[Model], kind: str, *names: str, **more: Any) -> None:
    """Have every change of a table noted in the audit log; `names` are the columns that name a row."""
    watched_table = Watched(model, kind, names, **more)
    _watched.register(watched_table.key, watched_table)


def watched() -> dict[str, Watched]:
    """Return the watched tables by their key."""
    return _watched.snapshot()


def mute() -> None:
    """Note nothing until the end of the transaction: for invented data, whose past nobody made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kanal.audit', 'off', true)")


def install_all() -> None:
    """Make the triggers of all watched tables, and of their tables of links."""
    for registration in _watched.values():
        install_triggers(registration.model._meta.db_table, arguments(registration, "id"))
        for links in registration.model._meta.many_to_many:
            through: Any = links.remote_field.through
            column = links.m2m_column_name()  # type: ignore[attr-defined]
            link = Watched(through, registration.kind, (links.m2m_reverse_name(),), without=(column,))  # type: ignore[attr-defined]
            install_triggers(through._meta.db_table, arguments(link, column, registration.key))


def arguments(registration: Watched, column: str, key: str = "") -> list[str]:
    """Return what a trigger is told, in the order in which `kanal_audit` reads it."""
    listed = ["{" + ",".join(some) + "}" for some in (registration.names, registration.untold, registration.secret)]
    return [registration.kind, key or registration.key, column, *listed, json.dumps(registration.skip)]


def install_triggers(table: str, given: list[str]) -> None:
    """Make or renew one trigger per operation, where it is not there as it should be."""
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
    """Return a text as SQL writes it; the texts are our own."""
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
