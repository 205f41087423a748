"""A filter in words: what its operators are called per category of fields, and each condition as a chip."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.listing import Column
from kanal.core.listing.columns import column_of
from kanal.core.query import FilterContext, Node, QueryError, Test, write
from kanal.kit.numbers import format_money, format_number
from kanal.kit.reading.ids import id_of
from kanal.web.lists.parts import Place, alternatives_of, parts_of, without

OPERATORS: dict[str, Any] = {
    "is": gettext_lazy("is"),
    "not": gettext_lazy("is not"),
    "any": gettext_lazy("is any of"),
    "none": gettext_lazy("is none of"),
    "empty": gettext_lazy("is empty"),
    "set": gettext_lazy("is not empty"),
    "contains": gettext_lazy("contains"),
    "starts": gettext_lazy("starts with"),
    "gt": gettext_lazy("greater than"),
    "lt": gettext_lazy("less than"),
    "between": gettext_lazy("between"),
    "on": gettext_lazy("on"),
    "before": gettext_lazy("before"),
    "after": gettext_lazy("after"),
    "within": gettext_lazy("within"),
    "older": gettext_lazy("older than"),
}
OFFERED: dict[str, tuple[str, ...]] = {
    "text": ("contains", "starts", "is", "not", "empty", "set"),
    "number": ("is", "not", "gt", "lt", "between", "empty", "set"),
    "money": ("gt", "lt", "between", "is", "not", "empty", "set"),
    "choice": ("any", "none", "empty", "set"),
    "choices": ("any", "none", "empty", "set"),
    "relation": ("any", "none", "empty", "set"),
    "relations": ("any", "none", "empty", "set"),
    "boolean": ("is",),
    "date": ("on", "within", "before", "after", "between", "older", "empty", "set"),
}
OFFERED["datetime"] = OFFERED["date"]
UNITS = {
    "days": gettext_lazy("days"), "weeks": gettext_lazy("weeks"), "months": gettext_lazy("months"),
    "quarters": gettext_lazy("quarters"), "years": gettext_lazy("years"),
}  # fmt: skip
PERIODS: dict[str, Any] = {
    "today": gettext_lazy("today"),
    "yesterday": gettext_lazy("yesterday"),
    "tomorrow": gettext_lazy("tomorrow"),
    "this week": gettext_lazy("this week"),
    "last week": gettext_lazy("last week"),
    "next week": gettext_lazy("next week"),
    "this month": gettext_lazy("this month"),
    "last month": gettext_lazy("last month"),
    "next month": gettext_lazy("next month"),
    "this quarter": gettext_lazy("this quarter"),
    "last quarter": gettext_lazy("last quarter"),
    "next quarter": gettext_lazy("next quarter"),
    "this year": gettext_lazy("this year"),
    "last year": gettext_lazy("last year"),
    "next year": gettext_lazy("next year"),
}
WORDS = {
    "me": pgettext_lazy("the user", "me"),
    "my team": gettext_lazy("my team"),
    "my partner": gettext_lazy("my partner"),
    "true": gettext_lazy("yes"),
    "false": gettext_lazy("no"),
}


@dataclass(frozen=True)
class Chip:
    """One condition of a list in words, its place in the filter, and the filter without it."""

    field: str
    operator: str
    value: str
    place: Place
    rest: str
    editable: bool = True


def chips_of(node: Node, entity: Entity, reader: FilterContext) -> list[list[Chip]]:
    """Put a filter into words: for each part its alternatives; what is no plain condition is shown as it is written."""
    return [
        [
            chip_of(child, Place(number, alternative), node, entity, reader)
            for alternative, child in enumerate(alternatives_of(part))
        ]
        for number, part in enumerate(parts_of(node))
    ]


def chip_of(part: Node, place: Place, node: Node, entity: Entity, reader: FilterContext) -> Chip:
    """Put one condition into words."""
    rest, column = without(node, place), known(part, entity, reader)
    if column is None or not isinstance(part, Test):
        return Chip(_("Condition"), "", write(part), place, rest, editable=False)
    operator = str(OPERATORS[part.op])
    return Chip(str(column.label), operator, value_words(part, column.field, reader), place, rest)


def known(part: Node, entity: Entity, reader: FilterContext) -> Column | None:
    """Return the column of a plain condition, or None."""
    if not isinstance(part, Test):
        return None
    try:
        return column_of(entity, part.field, reader)
    except QueryError:
        return None


def value_words(test: Test, field: Field, reader: FilterContext) -> str:
    """Put a condition's values into words."""
    if test.op in ("within", "older"):
        return period_words(test.values)
    if field.type.category in ("choice", "choices"):
        labels = {option.key: str(option.label) for option in field.options()}
        return ", ".join(labels.get(value, value) for value in test.values)
    if field.type.category in ("money", "number"):
        return amount_words(test.values, field)
    names = relation_names(test, field, reader) if field.target else {}
    words = {**WORDS, **PERIODS}
    return ", ".join(names.get(value) or str(words.get(value.replace("_", " "), value)) for value in test.values)


def amount_words(values: tuple[str, ...], field: Field) -> str:
    """Write the numbers of a condition as the language does, amounts with their currency."""
    language = get_language() or "en"
    currency = next((value for value in values if value.isalpha()), "") if field.type.category == "money" else ""
    try:
        numbers = [Decimal(value) for value in values if value != currency]
    except InvalidOperation:
        return ", ".join(values)
    if currency:
        return " – ".join(format_money(number, currency, language) for number in numbers)
    return " – ".join(format_number(number, language) for number in numbers)


def period_words(values: tuple[str, ...]) -> str:
    """Put `last,30,days` or `21,days` into words."""
    which = {"last": _("the last"), "next": _("the next"), "this": _("this")}
    return " ".join(str(which.get(value) or UNITS.get(value) or value) for value in values)


def relation_names(test: Test, field: Field, reader: FilterContext) -> dict[str, str]:
    """Find the names of the records that a condition names."""
    target = registry.find(field.target)
    ids = [pk for value in test.values if (pk := id_of(value)) is not None]
    if target is None or reader.user is None:
        return {}
    return {str(pk): name for pk, name in access.display_names(reader.user, target, ids).items()}


def counted(entity: Entity, number: int, is_estimate: bool) -> str:
    """Return how many records a list has: “1,250 leads”, “about 120,000”."""
    if is_estimate:
        return _("about %(number)s") % {"number": format_number(number, get_language() or "en")}
    return entity.phrases.counted(number)
