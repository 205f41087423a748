"""The lines of the log as they are written in production, and the users of the engine's tests."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kanal.core.observability.logs import formatter


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Return what has been logged so far, line by line; `.text` is the whole."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(readable=False))
    loggers = [logging.getLogger(), logging.getLogger("kanal")]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.INFO)

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    read.stream = stream  # type: ignore[attr-defined]
    yield read
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
