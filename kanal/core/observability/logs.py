"""Logging: one JSON object per line in production, readable lines in development, each with the request's id."""

import logging
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import structlog

from kanal.core.observability.redaction import redacted, without_values
from kanal.core.observability.request_trace import current_trace

ROOT = str(Path(__file__).resolve().parents[3]) + "/"
DEEPEST = 20
PLAIN = {"level", "logger", "time", "request_id", "method", "exception", "exc_info"}
Event = dict[str, Any]


def identify(logger: Any, method: str, event: Event) -> Event:
    """Add the ids of request, job and user to the line."""
    trace = current_trace()
    if trace is not None:
        ids = {"request_id": trace.request_id, "job_id": trace.job_id, "user_id": trace.user_id}
        for key, value in ids.items():
            if value:
                event.setdefault(key, value)
    return event


def translate(logger: Any, method: str, event: Event) -> Event:
    """Convert log records of other packages to Kanal's format, without addresses and job arguments."""
    record, arguments = event["_record"], event.pop("positional_args", ())
    if str(record.name).startswith("kanal"):
        return event
    job = getattr(record, "job", None)
    if isinstance(job, dict):
        event.setdefault("job_id", job.get("id"))
        event |= {"event": str(getattr(record, "action", "job")), "job": job.get("task_name")}
    elif isinstance(arguments, tuple) and any(str(argument).startswith("/") for argument in arguments):
        parts = ("(address)" if str(argument).startswith("/") else argument for argument in arguments)
        with suppress(TypeError, ValueError):
            event["event"] = str(record.msg) % tuple(parts)
    return event


def sanitize_exception(logger: Any, method: str, event: Event) -> Event:
    """Replace an exception by its type, its message without values, and its location."""
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    problem = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if isinstance(problem, BaseException):
        event["exception"] = describe_exception(problem)
    return event


def describe_exception(problem: BaseException) -> list[Event]:
    """Return descriptions of an exception and its causes, the last exception first."""
    events: list[Event] = []
    exception: BaseException | None = problem
    while exception is not None and len(events) < 5:
        frames = traceback.extract_tb(exception.__traceback__)[-DEEPEST:]
        places = [f"{frame.filename.removeprefix(ROOT)}:{frame.lineno} {frame.name}" for frame in frames]
        events.append({"type": type(exception).__name__, "message": without_values(str(exception)), "at": places})
        exception = exception.__cause__ or (None if exception.__suppress_context__ else exception.__context__)
    return events


def mask(logger: Any, method: str, event: Event) -> Event:
    """Mask sensitive data in every part of the line."""
    return {key: value if key in PLAIN else redacted(value, key) for key, value in event.items()}


def to_json(logger: Any, method: str, event: Event) -> str:
    """Return a line as one JSON object."""
    return orjson.dumps(event, default=str).decode()


SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    identify,
]


FOREIGN: list[Any] = [*SHARED, translate]


def formatter(readable: bool) -> structlog.stdlib.ProcessorFormatter:
    """Return the formatter of all lines, Kanal's and those of other packages."""
    terminal = structlog.dev.ConsoleRenderer(colors=False, timestamp_key="time")
    last: list[Any] = [mask, terminal] if readable else [sanitize_exception, mask, to_json]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=FOREIGN,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        pass_foreign_args=True,
    )


def configuration(*, readable: bool, quiet: bool = False) -> dict[str, Any]:
    """Return Django's setting LOGGING, and configure structlog to log through it."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": formatter, "readable": readable}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "kanal": {"level": "WARNING" if quiet else "INFO"},
            "django.request": {"level": "ERROR"},  # rejected requests are logged in the line of the request
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }
