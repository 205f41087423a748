"""Registers the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages."""

    name = "kanal.web"

    def ready(self) -> None:
        """Register the dashboard modules of every type; declare the settings of boards, once all types are known."""
        from kanal.kit.registries import before_freeze
        from kanal.web import boardsettings, dashboard_modules  # noqa: F401

        before_freeze(boardsettings.declare_all)
