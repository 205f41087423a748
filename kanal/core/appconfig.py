"""The app of a record type: its modules are found by their names, so that its `apps.py` only names it."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule

# Each of these registers what it declares when it is imported; in this order, as later ones may look at earlier ones.
MODULES = (
    "entity", "settings", "detail_blocks", "listeners", "timeline", "navigation", "dashboard", "importing",
    "openapi",
)  # fmt: skip


class EntityAppConfig(AppConfig):
    """An app whose declarations are registered by importing its modules of the usual names."""

    default = False  # Django takes the only class of an `apps.py` that is a default: the app's own, not this one

    def __init_subclass__(cls, **options: Any) -> None:
        """Make the class of an app the default of its module."""
        super().__init_subclass__(**options)
        cls.default = True

    def ready(self) -> None:
        """Import the modules that the app has."""
        for name in MODULES:
            if module_has_submodule(self.module, name):
                import_module(f"{self.name}.{name}")
