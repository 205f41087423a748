"""A filter as text: operator labels by field category, and each condition as a chip."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core.entity import Entity
from kanal.core.listing import Column
from kanal.core.listing.columns import column_of
from kanal.core.query import FilterContext, Node, QueryError, Test, format_filter
from kanal.kit.numbers import format_number
from kanal.web.fieldtypes import presenter_of
from kanal.web.fieldtypes.filter_labels import OPERATORS
from kanal.web.lists.parts import Place, alternatives_of, remove_condition, split_conditions


@dataclass(frozen=True)
class Chip:
    """A condition of a list as text, its place in the filter, and the filter without it."""

    field: str
    operator: str
    value: str
    place: Place
    rest: str
    editable: bool = True


def chips_of(node: Node, entity: Entity, reader: FilterContext) -> list[list[Chip]]:
    """Return a filter as chips: for each part its alternatives. Complex conditions are shown as written."""
    return [
        [
            chip_of(child, Place(number, alternative), node, entity, reader)
            for alternative, child in enumerate(alternatives_of(part))
        ]
        for number, part in enumerate(split_conditions(node))
    ]


def chip_of(part: Node, place: Place, node: Node, entity: Entity, reader: FilterContext) -> Chip:
    """Return a condition as a chip."""
    rest, column = remove_condition(node, place), condition_column(part, entity, reader)
    if column is None or not isinstance(part, Test):
        return Chip(_("Condition"), "", format_filter(part), place, rest, editable=False)
    operator = str(OPERATORS[part.op])
    return Chip(
        str(column.label), operator, presenter_of(column.field).filter_words(part, column.field, reader), place, rest
    )


def condition_column(part: Node, entity: Entity, reader: FilterContext) -> Column | None:
    """Return the column of a plain condition, or None."""
    if not isinstance(part, Test):
        return None
    try:
        return column_of(entity, part.field, reader)
    except QueryError:
        return None


def counted(entity: Entity, number: int, is_estimate: bool) -> str:
    """Return the number of records in a list as text: “1,250 leads”, “about 120,000”."""
    if is_estimate:
        return _("about %(number)s") % {"number": format_number(number, get_language() or "en")}
    return entity.phrases.counted(number)
