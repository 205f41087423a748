"""Registers the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages."""

    name = "kanal.web"

    def ready(self) -> None:
        """Declare the settings of boards, once all record types are known."""
        from kanal.core import settings
        from kanal.web import boardsettings

        settings.declare_later(boardsettings.declare_all)
