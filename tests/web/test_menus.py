"""Menus: what apps register for them."""

from django.core.checks import run_checks

from kanal.kit.registries import unfrozen
from kanal.web.navigation import ADD, MenuItem, register_item, register_type, type_items


def menu_errors():
    """Return the messages of the start-up check of menus."""
    return [error.msg for error in run_checks() if error.id == "kanal.E006"]


def test_a_menu_with_an_unknown_type_is_reported_at_the_start():
    """NAV-1: instead of answering each page with 404."""
    assert menu_errors() == []
    with unfrozen():
        register_type("sledges", order=5)
        register_item(MenuItem(ADD, "Sledge", "sledge-new", entity="sledges"))
        assert menu_errors() == [
            "The menu “crm” names the record type “sledges”, which doesn't exist.",
            "The menu “add” names the record type “sledges”, which doesn't exist.",
        ]
    assert "sledges" not in type_items
