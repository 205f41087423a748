"""Dashboard modules: module types with their settings, and presets shown to everyone on a page.

A module type defines a module's settings, data and template. A preset is a module with its settings, on one or more
of the homes, the CRM page and the overview pages of record types. Apps register both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kanal.core.fields import Field
from kanal.core.homes import Home
from kanal.kit.registries import Registry

CRM = "crm"
PAGES = frozenset({CRM, *Home})
OVERVIEW = "overview:"
FIGURE, CARD = "figure", "card"
# Cards whose place on a page is at least this one are in the narrow column.
ASIDE = 100
# The module types for all record types, registered by pages and used by presets of record types.
FIGURE_MODULE, COMPARISON_MODULE, RECORDS_MODULE = "figure", "comparison", "records"
RANKING_MODULE, STATUS_CHART_MODULE, BREAKDOWN_MODULE = "ranking", "status-chart", "breakdown"


@dataclass(frozen=True)
class Viewer:
    """The user for whom a module is shown, and the project (None for all)."""

    user: Any
    project: Any = None


Settings = Mapping[str, Any]
Data = Callable[[Viewer, Settings], dict[str, Any] | None]


def always(viewer: Viewer, settings: Settings) -> bool:
    """Return True: the module is offered to everyone."""
    return True


@dataclass(frozen=True)
class ModuleType:
    """A kind of dashboard module.

    `data(viewer, settings)` returns the context of `template`, or None if there is nothing to show.
    `is_offered(viewer, settings)` returns whether there can be, without querying records. Both receive all settings,
    with defaults for unset ones. `size` is FIGURE for a number loaded after the page, CARD for a part of the page.
    """

    key: str
    label: Any
    settings: tuple[Field, ...]
    data: Data
    template: str
    size: str = CARD
    is_offered: Callable[[Viewer, Settings], bool] = always


@dataclass(frozen=True)
class Preset:
    """A module on some pages for everyone who may see its contents.

    `pages` gives its place on each page (CRM, a `Home`, or the overview of a type, see `overview_of`), in ascending
    order, from ASIDE on in the narrow column.
    `is_deferred` loads a card after the page, since it reads many records.
    """

    key: str
    title: Any
    module: str
    settings: Settings = field(default_factory=dict)
    pages: Mapping[str, int] = field(default_factory=dict)
    is_deferred: bool = False

    @property
    def type(self) -> ModuleType:
        """Return the module's type."""
        return module_types[self.module]


def overview_of(key: str) -> str:
    """Return the name of the overview page of a record type."""
    return f"{OVERVIEW}{key}"


module_types: Registry[ModuleType] = Registry("dashboard modules", lambda module: module.label)
presets: Registry[Preset] = Registry(
    "dashboard presets", lambda preset: f"{preset.title} ({preset.module}, on {', '.join(preset.pages)})"
)


def register_module(module: ModuleType) -> ModuleType:
    """Register a module type."""
    return module_types.register(module.key, module)


def register_preset(preset: Preset) -> Preset:
    """Register a module for some pages.

    Raise ValueError for an unknown type or page, and for unknown or missing settings of the type.
    """
    if preset.module not in module_types:
        raise ValueError(f"{preset.key}: there are no modules “{preset.module}”: register the type before its presets.")
    if not preset.pages or not all(page in PAGES or page.startswith(OVERVIEW) for page in preset.pages):
        raise ValueError(
            f"{preset.key}: pages are {', '.join(sorted(PAGES))}, not {', '.join(preset.pages) or 'none'}."
        )
    known = {setting.key: setting for setting in preset.type.settings}
    if unknown := preset.settings.keys() - known.keys():
        raise ValueError(f"{preset.key}: modules “{preset.module}” have no setting {', '.join(sorted(unknown))}.")
    missing = [key for key, setting in known.items() if setting.required and not preset.settings.get(key)]
    if missing:
        raise ValueError(f"{preset.key}: modules “{preset.module}” need the setting {', '.join(missing)}.")
    return presets.register(preset.key, preset)


def presets_on(page: str, size: str = "") -> list[Preset]:
    """Return the presets of a page in order, of one size or all."""
    chosen = [preset for preset in presets.values() if page in preset.pages and size in ("", preset.type.size)]
    return sorted(chosen, key=lambda preset: (preset.pages[page], preset.key))


def settings_of(module: ModuleType, settings: Settings) -> dict[str, Any]:
    """Return all settings of a module, with defaults for unset ones."""
    return {setting.key: setting.default for setting in module.settings} | dict(settings)
