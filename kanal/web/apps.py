"""Registers the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages."""

    name = "kanal.web"

    def ready(self) -> None:
        """Register checks and dashboard modules; declare the settings of boards, once all types are known."""
        from kanal.kit.registries import before_freeze
        from kanal.web import board, boardsettings, checks, dashboard_modules  # noqa: F401 - they register

        before_freeze(boardsettings.declare_all)
