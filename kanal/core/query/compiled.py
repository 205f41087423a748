"""Queries compiled once and run repeatedly: Django takes about a millisecond for a wide one.

Only the SQL text is cached, never a result: each run queries the database.
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

MOST = 700  # number of cached statements, about 38 kB each
MOST_FILTERED = 300  # of those with a user's filter or text: these vary, so they don't evict usual ones


class Param(Expression):
    """A placeholder in a query for a value that differs with each run."""

    def __init__(self, name: str, column: Column) -> None:
        super().__init__(output_field=column)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Return itself as the parameter, to be replaced."""
        return "%s", [self]


class EqualsAny(Func):
    """Whether a value is in a list passed as one parameter, so that the statement is the same for any length."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


@dataclass(frozen=True)
class Subselect:
    """A column of the rows that meet a condition. Unlike a QuerySet it is equal to another one with the same parts."""

    model: type[Model]
    condition: Q
    column: str = "pk"

    def resolve_expression(self, *given: Any, **named: Any) -> Any:
        """Return the query to embed in another one."""
        rows = self.model._default_manager.order_by().filter(self.condition).values(self.column)
        return rows.resolve_expression(*given, **named)  # type: ignore[attr-defined]


class CompiledQuery:
    """A query with a compiled statement. `ask` returns its records for named parameter values."""

    def __init__(self, records: QuerySet) -> None:
        self.records = records
        self.compiler = records.query.get_compiler(records.db)
        try:
            self.statement, self.given = self.compiler.as_sql()
        except EmptyResultSet:  # Django already knows that there are no rows
            self.statement, self.given = "", ()

    def ask(self, **values: Any) -> list[Any]:
        """Run the query."""
        if not self.statement:
            return []
        records = self.records
        queryset = QuerySet(records.model, Answering(self, values), records.db)  # type: ignore[arg-type]
        queryset._iterable_class, queryset._fields = records._iterable_class, records._fields  # type: ignore[attr-defined]
        return list(queryset)

    def first(self, **values: Any) -> Any:
        """Run the query and return the first record, or None."""
        return next(iter(self.ask(**values)), None)


class Answering:
    """Replaces the query of a `CompiledQuery` while it runs, with the statement already compiled."""

    def __init__(self, compiled_query: CompiledQuery, values: dict[str, Any]) -> None:
        self.compiled = compiled_query
        self.values = values

    def __getattr__(self, name: str) -> Any:
        return getattr(self.compiled.records.query, name)

    def get_compiler(self, using: str, *_given: Any, **_named: Any) -> Any:
        """Return the compiler that runs the statement on this thread's connection."""
        compiler = copy(self.compiled.compiler)
        compiler.connection = connections[using]
        if compiler.query.select_for_update and compiler.connection.get_autocommit():
            raise TransactionManagementError("rows are locked until a transaction ends, and there is none")
        given = tuple(self.values[param.name] if isinstance(param, Param) else param for param in self.compiled.given)
        compiler.as_sql = lambda *_args, **_kwargs: (self.compiled.statement, given)
        return compiler


def _put_together(compose: Callable[..., QuerySet], *shape: Any) -> CompiledQuery:
    """Build a query."""
    return CompiledQuery(compose(*shape))


_cached = lru_cache(maxsize=MOST)(_put_together)
_cached_filtered = lru_cache(maxsize=MOST_FILTERED)(_put_together)


def compiled(compose: Callable[..., QuerySet], *shape: Any, is_filtered: bool = False) -> CompiledQuery:
    """Return the query that `compose` builds from these arguments, cached if they are hashable by value.

    A query that `is_filtered` by user input uses a separate cache, and so is cached for a shorter time.
    """
    if not all(map(is_hashable, shape)):
        return _put_together(compose, *shape)
    return (_cached_filtered if is_filtered else _cached)(compose, *shape)


def is_hashable(value: Any) -> bool:
    """Return whether a part of a query is comparable by value. A condition that contains another query isn't."""
    if isinstance(value, Q):
        return all(is_hashable(part) for part in value.flatten() if not isinstance(part, Q))
    if isinstance(value, Expression):
        return is_hashable(value.identity)
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_hashable, value))
    return not isinstance(value, QuerySet | Query | BaseExpression)
