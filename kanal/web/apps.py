"""App configuration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web app."""

    name = "kanal.web"

    def ready(self) -> None:
        """Register checks and dashboard modules, and declare the board settings once all types are registered."""
        from kanal.kit.registries import before_freeze
        from kanal.web import board, boardsettings, checks, dashboard_modules, figure_modules, system_modules  # noqa: F401 - they register

        before_freeze(boardsettings.declare_all)
