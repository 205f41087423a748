"""What every test has, wherever it stands: its copy of the pristine database, and property tests without a clock."""

from hypothesis import HealthCheck, settings

from tests.pristine import django_db_setup

# A busy machine is no finding: how long an example takes decides nothing.
settings.register_profile("kanal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kanal")

__all__ = ["django_db_setup"]
