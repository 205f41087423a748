"""System checks of the web app: every field type has a presenter, and menus name existing types."""

from typing import Any

from django.core.checks import Error, register

from kanal.core import registry
from kanal.core.fields import FIELD_TYPES
from kanal.web.fieldtypes import PRESENTERS
from kanal.web.navigation import menu_items, type_items


@register()
def presenters(**_options: Any) -> list[Error]:
    """Check that every field type has a presenter."""
    return [
        Error(
            f"The field type “{key}” has no presenter: add one to kanal/web/fieldtypes with "
            f"@presents({type(field_type).__name__}).",
            id="kanal.E004",
        )
        for key, field_type in FIELD_TYPES.items()
        if key not in PRESENTERS
    ]


@register()
def menu_entries(**_options: Any) -> list[Error]:
    """Check that menus name registered record types."""
    types = [(item.menu, item.entity) for item in type_items.values()]
    types += [(item.menu, item.entity) for item in menu_items.values() if item.entity]
    return [
        Error(f"The menu “{menu}” names the record type “{key}”, which doesn't exist.", id="kanal.E006")
        for menu, key in types
        if registry.find(key) is None
    ]
