"""Queries that are put together once and asked again and again: Django takes about a millisecond for a wide one.

Only the text of a statement is kept, never an answer: each time the database is asked anew.
"""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Expression, Func, Model, Q, QuerySet
from django.db.models.expressions import BaseExpression
from django.db.models.fields import Field as Column
from django.db.models.sql import Query
from django.db.transaction import TransactionManagementError

MOST = 700  # statements that are kept, about 38 kB each
MOST_FILTERED = 300  # of those with a filter or a text that somebody chose: ever others, so they push out no usual one


class Param(Expression):
    """A place in a query where another value stands each time that it is asked."""

    def __init__(self, name: str, column: Column) -> None:
        super().__init__(output_field=column)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return itself as the parameter, to be replaced."""
        return "%s", [self]


class EqualsAny(Func):
    """Whether a value is one of a list that stands in one place, so that the statement is the same for any number."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


@dataclass(frozen=True)
class Subselect:
    """A column of the rows that meet a condition; unlike a QuerySet it is equal to another one of the same parts."""

    model: type[Model]
    condition: Q
    column: str = "pk"

    def resolve_expression(self, *given: Any, **named: Any) -> Any:
        """Become the query that is asked within another one."""
        rows = self.model._default_manager.order_by().filter(self.condition).values(self.column)
        return rows.resolve_expression(*given, **named)  # type: ignore[attr-defined]


class CompiledQuery:
    """A query whose statement is ready: `ask` gives its records, with values for its places by name."""

    def __init__(self, records: QuerySet) -> None:
        self.records = records
        self.compiler = records.query.get_compiler(records.db)
        try:
            self.statement, self.given = self.compiler.as_sql()
        except EmptyResultSet:  # Django knows already that there can be none
            self.statement, self.given = "", ()

    def ask(self, **values: Any) -> list[Any]:
        """Ask the database."""
        if not self.statement:
            return []
        records = self.records
        queryset = QuerySet(records.model, Answering(self, values), records.db)  # type: ignore[arg-type]
        queryset._iterable_class, queryset._fields = records._iterable_class, records._fields  # type: ignore[attr-defined]
        return list(queryset)

    def first(self, **values: Any) -> Any:
        """Ask the database; return the first record, or None."""
        return next(iter(self.ask(**values)), None)


class Answering:
    """Stands for the query of a `CompiledQuery` while it is asked: all as it was, but the statement is there."""

    def __init__(self, compiled_query: CompiledQuery, values: dict[str, Any]) -> None:
        self.compiled = compiled_query
        self.values = values

    def __getattr__(self, name: str) -> Any:
        return getattr(self.compiled.records.query, name)

    def get_compiler(self, using: str, *_given: Any, **_named: Any) -> Any:
        """Return what runs the statement, on this thread's connection."""
        compiler = copy(self.compiled.compiler)
        compiler.connection = connections[using]
        if compiler.query.select_for_update and compiler.connection.get_autocommit():
            raise TransactionManagementError("rows are locked until a transaction ends, and there is none")
        given = tuple(self.values[param.name] if isinstance(param, Param) else param for param in self.compiled.given)
        compiler.as_sql = lambda *_args, **_kwargs: (self.compiled.statement, given)
        return compiler


def _put_together(compose: Callable[..., QuerySet], *shape: Any) -> CompiledQuery:
    """Put a query together."""
    return CompiledQuery(compose(*shape))


_cached = lru_cache(maxsize=MOST)(_put_together)
_cached_filtered = lru_cache(maxsize=MOST_FILTERED)(_put_together)


def compiled(compose: Callable[..., QuerySet], *shape: Any, is_filtered: bool = False) -> CompiledQuery:
    """Return the query that `compose` makes of these things; it is kept where they can be told from all others.

    One that `is_filtered` by what a user chose is kept among its like, and so for a shorter time.
    """
    if not all(map(is_hashable, shape)):
        return _put_together(compose, *shape)
    return (_cached_filtered if is_filtered else _cached)(compose, *shape)


def is_hashable(value: Any) -> bool:
    """Return whether a part of a query is what it says: a condition that holds another query is not."""
    if isinstance(value, Q):
        return all(is_hashable(part) for part in value.flatten() if not isinstance(part, Q))
    if isinstance(value, Expression):
        return is_hashable(value.identity)
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_hashable, value))
    return not isinstance(value, QuerySet | Query | BaseExpression)
