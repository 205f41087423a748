"""Counts the statements of each connection into the current trace."""

import time
from collections.abc import Callable
from typing import Any

from django.db.backends.signals import connection_created

from kanal.core.observability.request_trace import current_trace


def count_query(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement and record its time, ignoring its parameters."""
    trace = current_trace()
    if trace is None:
        return execute(sql, params, many, context)
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        trace.add(sql if isinstance(sql, str) else type(sql).__name__, time.perf_counter() - began)


def watch(connection: Any, **_told: Any) -> None:
    """Start counting on this connection."""
    if count_query not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, count_query)


def install_query_counter() -> None:
    """Count on every new connection."""
    connection_created.connect(watch, dispatch_uid="kanal.query_counting")
