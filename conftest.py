"""What every test has, wherever it stands: its copy of the pristine database, nothing cached, no clock."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import HealthCheck, settings

from kanal.core.cache import invalidate
from tests.pristine import django_db_setup

# A busy machine is no finding: how long an example takes decides nothing.
settings.register_profile("kanal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kanal")

__all__ = ["django_db_setup"]


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    """Let no test see another's options and settings, nor go on in the language of its user."""
    invalidate()
    yield
    invalidate()
    translation.deactivate()
