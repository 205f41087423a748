"""Registers the fake record types."""

from django.apps import AppConfig


class FakesConfig(AppConfig):
    """Record types for tests of the engine."""

    name = "tests.fakes"

    def ready(self) -> None:
        """Declare them."""
        from tests.fakes import entity  # noqa: F401
