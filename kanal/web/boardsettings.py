"""Board settings (KAN-2): which statuses are columns, what cards show, and the limit of cards per column.

The order and color of columns are those of the statuses, on their own settings page.
"""

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kanal.core import registry, settings
from kanal.core.entity import Entity
from kanal.core.fields import FIELD_TYPES, Field, Option, fields_of

PAGE = "kanban"
UNSHOWN = ("json", "relations")


class StatusOptions:
    """The statuses of a type as options of a setting."""

    @staticmethod
    def options(group: str) -> tuple[Option, ...]:
        """List the active statuses of the type with the key `group`."""
        entity = registry.get(group)
        return tuple(option for option in fields_of(entity)[entity.listing.status].options() if option.active)


class CardOptions:
    """The fields of a type as options of a setting."""

    @staticmethod
    def options(group: str) -> tuple[Option, ...]:
        """List the fields that a card can show, including custom fields."""
        entity = registry.get(group)
        own = (entity.title, entity.listing.status)
        shown = [
            field for field in fields_of(entity).values() if field.type.category not in UNSHOWN and field.key not in own
        ]
        return tuple(Option(field.key, field.label) for field in shown)


def declare_all() -> None:
    """Declare the settings of all boards."""
    for entity in registry.all_entities():
        if entity.has_board:
            declare_board(entity)


def declare_board(entity: Entity) -> None:
    """Declare the settings of a type's board."""
    name = entity.model._meta.verbose_name_plural
    settings.declare(
        PAGE,
        Field(
            f"kanban.{entity.key}.columns", format_lazy("{}: {}", name, _("statuses that are columns")),
            FIELD_TYPES["choices"], table=StatusOptions, group=entity.key, default=[],
            help=_("Leave empty to show all active statuses. Order and colour are set on the statuses."),
        ),
        Field(
            f"kanban.{entity.key}.card", format_lazy("{}: {}", name, _("fields on cards")),
            FIELD_TYPES["choices"], table=CardOptions, group=entity.key, default=[],
            help=_("Leave empty to use the default ones."),
        ),
        Field(
            f"kanban.{entity.key}.limit", format_lazy("{}: {}", name, _("cards in a column at most")),
            FIELD_TYPES["integer"], default=0, minimum=0, maximum=100000,
            help=_("Columns above the limit are marked; 0 means no limit."),
        ),
    )  # fmt: skip


def is_column(entity: Entity, key: str) -> bool:
    """Return whether a status is a column."""
    chosen = settings.value(f"kanban.{entity.key}.columns")
    return not chosen or key in chosen


def card_fields(entity: Entity) -> tuple[str, ...]:
    """Return the keys of the fields shown on cards."""
    return tuple(settings.value(f"kanban.{entity.key}.card")) or entity.listing.card or entity.listing.columns[:4]


def limit_of(entity: Entity) -> int:
    """Return the number of cards above which a column is highlighted, or 0 for no limit."""
    limit: Any = settings.value(f"kanban.{entity.key}.limit")
    return int(limit or 0)
