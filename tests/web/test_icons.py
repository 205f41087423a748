"""The sprite holds every icon that is declared: the build finds names in the sources by how they are written."""

import re
from collections.abc import Iterator
from pathlib import Path

import kanal.web
from kanal.core import registry
from kanal.web.lists.views import VIEWS
from kanal.web.navigation import menu_items
from kanal.web.settings_pages import PAGE_ICONS

SPRITE = Path(kanal.web.__file__).parent / "static" / "built" / "icons.svg"


def declared_icons() -> Iterator[str]:
    """Yield the icons of record types, their actions, menus, views of lists and pages of settings."""
    for entity in registry.all_entities():
        yield entity.icon
        yield from (action.button.icon for action in registry.actions(entity))
    yield from (item.icon for item in menu_items.values())
    yield from (view.icon for view in VIEWS.values())
    yield from PAGE_ICONS.values()


def test_every_declared_icon_is_in_the_sprite():
    there = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text()))
    assert {icon for icon in declared_icons() if icon} - there == set()
