"""A filter as text that people read: each condition as a chip, and a whole filter as one sentence."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core.entity import Entity
from kanal.core.fields import FIELD_TYPES, Field, Option
from kanal.core.listing import Column
from kanal.core.listing.columns import column_of
from kanal.core.query import All, FilterContext, Node, Not, QueryError, Test
from kanal.core.query.saved import SAVED
from kanal.core.savedfilters import visible_filters
from kanal.kit.numbers import format_number
from kanal.web.fieldtypes import presenter_of
from kanal.web.fieldtypes.filter_labels import opposite
from kanal.web.lists.parts import Place, alternatives_of, remove_condition, split_conditions


@dataclass(frozen=True)
class Chip:
    """A condition as text, its place in the filter, and the filter without it.

    A condition that isn't on one field, such as one with alternatives inside, is a sentence in `value`.
    """

    field: str
    operator: str
    value: str
    place: Place
    rest: str


def chips_of(node: Node, entity: Entity, reader: FilterContext) -> list[list[Chip]]:
    """Return a filter as chips: for each part its alternatives."""
    return [
        [
            chip_of(child, Place(number, alternative), node, entity, reader)
            for alternative, child in enumerate(alternatives_of(part))
        ]
        for number, part in enumerate(split_conditions(node))
    ]


def shown_parts(node: Node, entity: Entity, reader: FilterContext) -> list[dict[str, Any]]:
    """Return a filter as `pages/filters/chips.html` shows it, without controls."""
    return [{"chips": [{"chip": chip} for chip in part]} for part in chips_of(node, entity, reader)]


def chip_of(part: Node, place: Place, node: Node, entity: Entity, reader: FilterContext) -> Chip:
    """Return a condition as a chip."""
    rest = remove_condition(node, place)
    if (plain := plain_test(part)) is not None:
        return Chip(*test_words(*plain, entity, reader), place, rest)
    return Chip("", "", sentence_of(part, entity, reader), place, rest)


def plain_test(part: Node) -> tuple[Test, str] | None:
    """Return a condition on one field and its operator, that of a negated one being the opposite, or None."""
    if isinstance(part, Test):
        return part, part.op
    if isinstance(part, Not) and isinstance(part.item, Test):
        return part.item, opposite(part.item.op)
    return None


def test_words(test: Test, op: str, entity: Entity, reader: FilterContext) -> tuple[str, str, str]:
    """Return the words of a condition: field, operator and values.

    A field that is gone, or that the reader may not see, isn't named, nor are its values (ACC-6).
    """
    column = condition_column(test.field, entity, reader)
    if column is None:
        return _("Unknown field"), "", ""
    presenter = presenter_of(column.field)
    return str(column.label), presenter.filter_operator(op, test), presenter.filter_words(test, column.field, reader)


def sentence_of(node: Node, entity: Entity, reader: FilterContext) -> str:
    """Return a filter as one sentence: "Country is Norway and (Value is greater than 5 or Priority is high)"."""
    if (plain := plain_test(node)) is not None:
        return " ".join(filter(None, test_words(*plain, entity, reader)))
    if isinstance(node, Not):
        return _("not (%(conditions)s)") % {"conditions": sentence_of(node.item, entity, reader)}
    items = () if isinstance(node, Test) else node.items
    parts = [
        words if plain_test(item) or isinstance(item, Not) else f"({words})"
        for item in items
        if (words := sentence_of(item, entity, reader))
    ]
    word = _("and") if isinstance(node, All) else _("or")
    return f" {word} ".join(parts) or _("all records")


def condition_column(key: str, entity: Entity, reader: FilterContext) -> Column | None:
    """Return the column of a condition, that of saved filters among them, or None."""
    if key == SAVED:
        return saved_column(entity, reader)
    try:
        return column_of(entity, key, reader)
    except QueryError:
        return None


def saved_column(entity: Entity, reader: FilterContext) -> Column | None:
    """Return a column whose options are the saved filters offered to the reader, or None if there are none."""
    offered = visible_filters(reader.user, entity) if reader.user is not None else ()
    options = tuple(Option(str(saved.pk), saved.name) for saved in offered)
    return Column(SAVED, Field(SAVED, _("Saved filter"), FIELD_TYPES["choice"], choices=options)) if options else None


def counted(entity: Entity, number: int, is_estimate: bool) -> str:
    """Return the number of records in a list as text: “1,250 leads”, “about 120,000”."""
    if is_estimate:
        return _("about %(number)s") % {"number": format_number(number, get_language() or "en")}
    return entity.phrases.counted(number)
