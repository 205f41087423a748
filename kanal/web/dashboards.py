"""The modules of a page with their data for the template: `{% include module.template %}`."""

from typing import Any

from kanal.core.dashboards import CARD, FIGURE, ModuleType, Settings, Viewer, presets_on, settings_of


def figure_titles(viewer: Viewer, page: str) -> list[Any]:
    """List the titles of a viewer's figures, as placeholders until their values are loaded."""
    return [
        preset.title
        for preset in presets_on(page, FIGURE)
        if preset.type.is_offered(viewer, settings_of(preset.type, preset.settings))
    ]


def figures_on(viewer: Viewer, page: str) -> list[dict[str, Any]]:
    """Return the figures of a page with their values."""
    return modules_on(viewer, page, FIGURE)


def cards_on(viewer: Viewer, page: str) -> list[dict[str, Any]]:
    """Return the cards of a page with their content."""
    return modules_on(viewer, page, CARD)


def modules_on(viewer: Viewer, page: str, size: str) -> list[dict[str, Any]]:
    """Return the modules of a size that have content for the viewer."""
    shown = (show_module(viewer, preset.type, preset.title, preset.settings) for preset in presets_on(page, size))
    return [module for module in shown if module is not None]


def show_module(viewer: Viewer, module: ModuleType, title: Any, chosen: Settings) -> dict[str, Any] | None:
    """Return the context of a module's template, with `title` and `template`, or None if it has no content.

    A module without its own title uses the one from its data.
    """
    settings = settings_of(module, chosen)
    data = module.data(viewer, settings) if module.is_offered(viewer, settings) else None
    if data is None:
        return None
    return {**data, "title": title or data["title"], "template": module.template}
