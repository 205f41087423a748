"""App configuration."""

from importlib import import_module

from django.apps import AppConfig

# Each registers checks, views, jobs, a field type, dashboard modules or entries of composer or timeline on import.
REGISTERING = (
    "board", "calendar", "chart", "checks", "comments", "dashboard_modules", "figure_modules", "lists.filter_editor",
    "places", "savedfilters.jobs", "system_modules", "timeline_sources", "viewed_modules",
)  # fmt: skip


class WebConfig(AppConfig):
    """The web app."""

    name = "kanal.web"

    def ready(self) -> None:
        """Register what the pages offer, and declare the board settings once all types are registered."""
        from kanal.kit.registries import before_freeze
        from kanal.web import boardsettings

        for name in REGISTERING:
            import_module(f"kanal.web.{name}")
        before_freeze(boardsettings.declare_all)
