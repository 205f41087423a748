"""The modules of a page with their data for the template: `{% include module.template %}`."""

import logging
from typing import Any

from kanal.core.dashboards import ASIDE, CARD, FIGURE, ModuleType, Preset, Settings, Viewer, presets_on, settings_of
from kanal.kit.errors import NotFound

log = logging.getLogger("kanal.web")
FAILED = {FIGURE: "modules/failed_figure.html", CARD: "modules/failed.html"}
DEFERRED = "modules/deferred.html"


def figure_titles(viewer: Viewer, page: str) -> list[Any]:
    """List the titles of a viewer's figures, as placeholders until their values are loaded."""
    return [
        preset.title
        for preset in presets_on(page, FIGURE)
        if preset.type.is_offered(viewer, settings_of(preset.type, preset.settings))
    ]


def figures_on(viewer: Viewer, page: str) -> list[dict[str, Any]]:
    """Return the figures of a page with their values."""
    shown = (show_preset(viewer, preset, page) for preset in presets_on(page, FIGURE))
    return [module for module in shown if module is not None]


def cards_on(viewer: Viewer, page: str, url: str = "") -> list[dict[str, Any]]:
    """Return the cards of a page with their content. Deferred ones are loaded from `url` later, if there is one."""
    modules = (
        placeholder_of(viewer, preset, page, url) if preset.is_deferred and url else show_preset(viewer, preset, page)
        for preset in presets_on(page, CARD)
    )
    return [module for module in modules if module is not None]


def card_on(viewer: Viewer, page: str, key: str) -> dict[str, Any] | None:
    """Return one card of a page, or None if it has no content for the viewer. Raise NotFound for an unknown one."""
    preset = next((preset for preset in presets_on(page, CARD) if preset.key == key), None)
    if preset is None:
        raise NotFound
    return show_preset(viewer, preset, page)


def placeholder_of(viewer: Viewer, preset: Preset, page: str, url: str) -> dict[str, Any] | None:
    """Return a card that loads its content after the page."""
    if not preset.type.is_offered(viewer, settings_of(preset.type, preset.settings)):
        return None
    return {
        "title": preset.title, "template": DEFERRED, "url": f"{url}?part=card&key={preset.key}",
        "is_aside": preset.pages[page] >= ASIDE,
    }  # fmt: skip


def show_preset(viewer: Viewer, preset: Preset, page: str) -> dict[str, Any] | None:
    """Return the context of a module's template, or that of an error message: others still work (DASH-7)."""
    try:
        module = show_module(viewer, preset.type, preset.title, preset.settings)
    except Exception:  # whatever an app's module raises must not take the page with it
        log.exception("The module %s failed.", preset.key)
        module = {"title": preset.title, "template": FAILED[preset.type.size]}
    return None if module is None else {**module, "is_aside": preset.pages[page] >= ASIDE}


def show_module(viewer: Viewer, module: ModuleType, title: Any, chosen: Settings) -> dict[str, Any] | None:
    """Return the context of a module's template, with `title` and `template`, or None if it has no content.

    A module without its own title uses the one from its data.
    """
    settings = settings_of(module, chosen)
    data = module.data(viewer, settings) if module.is_offered(viewer, settings) else None
    if data is None:
        return None
    return {**data, "title": title or data["title"], "template": module.template}
