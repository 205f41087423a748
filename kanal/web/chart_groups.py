"""The groups of a chart: their names, the periods without records, and the list behind each of them."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from babel.dates import format_skeleton
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kanal.core import access
from kanal.core.aggregation import Group
from kanal.core.listing import Column
from kanal.core.query import Node, Test, format_filter, join
from kanal.kit import dates
from kanal.kit.writing import locale_of_days, written_day
from kanal.web.markup import colour_attribute

TIMES = ("date", "datetime")
PERIODS = {
    "day": gettext_lazy("Days"),
    "week": gettext_lazy("Weeks"),
    "month": gettext_lazy("Months"),
    "quarter": gettext_lazy("Quarters"),
    "year": gettext_lazy("Years"),
}
SKELETONS = {"month": "yMMM", "quarter": "yQQQ", "year": "y"}


def periods_filled(groups: Iterable[Group], bucket: str, most: int) -> list[Group]:
    """Return the groups of periods in order with those between them that are empty: the `most` latest, undated last."""
    by_start = {group.keys[0]: group for group in groups}
    undated = by_start.pop(None, None)
    filled, start = [], max(by_start, default=None)
    while start is not None and start >= min(by_start) and len(filled) < most:
        filled.append(by_start.get(start) or Group((start,)))
        start = dates.add_units(start, -1, bucket)
    return [*reversed(filled), *([undated] if undated else [])]


def names_of(user: Any, column: Column, groups: Iterable[Group], bucket: str) -> dict[Any, tuple[str, str]]:
    """Return the label and colour of each group's key, with one query for related records."""
    keys = [group.keys[0] for group in groups]
    if column.category in TIMES:
        return {key: (period_label(key, bucket), "") for key in keys if key is not None}
    if column.category == "relation":
        known = access.names_by_type(user, [(column.field.target, [key for key in keys if key is not None])])
        return {key: (name, "") for key, name in known.get(column.field.target, {}).items()}
    if column.category == "boolean":
        return {True: (_("Yes"), ""), False: (_("No"), "")}
    by_id = column.field.has_rows
    return {option.id if by_id else option.key: (str(option.label), option.colour) for option in column.field.options()}


def period_label(start: dt.date, bucket: str) -> str:
    """Return the name of a period, such as “Nov 2026”, “Q4 2026” or the first day of a week."""
    language = get_language() or "en"
    skeleton = SKELETONS.get(bucket)
    return (
        format_skeleton(skeleton, start, locale=locale_of_days(language)) if skeleton else written_day(start, language)
    )


def bars_of(
    groups: Iterable[Group], names: dict[Any, tuple[str, str]], column: Column, bucket: str, node: Node,
    url: Callable[[str], str],
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the bars of a chart: each with its label, colour, and the URL of its records."""
    bars = []
    for group in groups:
        key = plain_key(column, group.keys[0])
        label, colour = names.get(key, (_("No value"), ""))
        test = test_of_group(column, key, bucket)
        bars.append(
            {
                "label": label,
                "colour": colour_attribute(colour) if colour else "",
                "url": url(format_filter(join(node, test))) if test is not None else "",
            }
        )
    return bars


def plain_key(column: Column, key: Any) -> Any:
    """Return the key of a group as the field's own value: custom fields are grouped by their JSON text."""
    return key == "true" if column.category == "boolean" and isinstance(key, str) else key


def test_of_group(column: Column, key: Any, bucket: str) -> Test | None:
    """Return the condition for the records of a group, or None if a filter can't name them."""
    if key is None or key == "":
        return Test(column.key, "empty") if column.category != "boolean" else None
    if column.category in TIMES:
        return Test(column.key, "between", (key.isoformat(), dates.end_of(key, bucket).isoformat()))
    if column.category == "boolean":
        return Test(column.key, "is", ("yes" if key else "no",))
    if column.category == "choice" and column.field.has_rows:
        key = next((option.key for option in column.field.options() if option.id == key), None)
    return Test(column.key, "any", (str(key),)) if key is not None else None
