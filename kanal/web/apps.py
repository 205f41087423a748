"""Registers the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages."""

    name = "kanal.web"

    def ready(self) -> None:
        """Register the dashboard modules of every type; declare the settings of boards, once all types are known."""
        from kanal.core import settings
        from kanal.web import boardsettings, dashboard_modules  # noqa: F401

        settings.declare_later(boardsettings.declare_all)
