"""The app of a record type. Its modules are found by name, so its `apps.py` only declares the name."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.utils.module_loading import module_has_submodule

# Each module registers its declarations on import. In this order, as later ones may use earlier ones.
MODULES = (
    "entity", "settings", "figures", "detail_blocks", "listeners", "timeline", "composer", "navigation", "homes",
    "dashboard", "importing", "openapi",
)  # fmt: skip


class EntityAppConfig(AppConfig):
    """An app whose declarations are registered by importing its modules with conventional names."""

    default = False  # Django picks the only default class in an `apps.py`: the app's own, not this one

    def __init_subclass__(cls, **options: Any) -> None:
        """Make the class of an app the default of its module."""
        super().__init_subclass__(**options)
        cls.default = True

    def ready(self) -> None:
        """Import the modules that the app has."""
        for name in MODULES:
            if module_has_submodule(self.module, name):
                import_module(f"{self.name}.{name}")
