"""A frozen clock that only tests move."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

NOW = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Freeze the time on Monday, 16 March 2026, 9:30 UTC. `move_to(…)` and `shift(seconds)` change it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
