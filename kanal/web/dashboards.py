"""The modules of a page, with their data, as its template shows them: `{% include module.template %}`."""

from typing import Any

from kanal.core.dashboards import CARD, FIGURE, ModuleType, Settings, Viewer, presets_on, settings_of


def figure_titles(viewer: Viewer, page: str) -> list[Any]:
    """List the titles of the figures that a viewer will get, for the time until their values are there."""
    return [
        preset.title
        for preset in presets_on(page, FIGURE)
        if preset.type.is_offered(viewer, settings_of(preset.type, preset.settings))
    ]


def figures_on(viewer: Viewer, page: str) -> list[dict[str, Any]]:
    """Return the figures of a page with their values."""
    return modules_on(viewer, page, FIGURE)


def cards_on(viewer: Viewer, page: str) -> list[dict[str, Any]]:
    """Return the cards of a page with what they show."""
    return modules_on(viewer, page, CARD)


def modules_on(viewer: Viewer, page: str, size: str) -> list[dict[str, Any]]:
    """Return the modules of one size that have something to show to a viewer."""
    shown = (show_module(viewer, preset.type, preset.title, preset.settings) for preset in presets_on(page, size))
    return [module for module in shown if module is not None]


def show_module(viewer: Viewer, module: ModuleType, title: Any, chosen: Settings) -> dict[str, Any] | None:
    """Return the context of a module's template, with `title` and `template`; None where there is nothing to show.

    A module without a title of its own has the one that its data gives.
    """
    settings = settings_of(module, chosen)
    data = module.data(viewer, settings) if module.is_offered(viewer, settings) else None
    if data is None:
        return None
    return {**data, "title": title or data["title"], "template": module.template}
