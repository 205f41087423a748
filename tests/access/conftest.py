"""Generated worlds, kept for all tests of this folder; how many is told by KANAL_ACCESS_WORLDS."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from kanal.core.cache import invalidate
from tests.access.world import World

FIRST = int(os.environ.get("KANAL_ACCESS_SEED", "1"))
WORLDS = int(os.environ.get("KANAL_ACCESS_WORLDS", "2"))


@pytest.fixture(scope="package", params=range(FIRST, FIRST + WORLDS), ids=lambda seed: f"seed{seed}")
def lasting_world(request: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Make a world within a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        invalidate()
        yield World(request.param)
        transaction.set_rollback(True)


@pytest.fixture
def world(lasting_world: World) -> Iterator[World]:
    """Return a world, and undo what the test did to it."""
    invalidate()
    with transaction.atomic():
        yield lasting_world
        transaction.set_rollback(True)
    invalidate()
