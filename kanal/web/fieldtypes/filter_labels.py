"""Labels of the parts of a filter: operators, units, periods, and special values."""

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

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
    "yes": gettext_lazy("yes"),
    "false": gettext_lazy("no"),
    "no": gettext_lazy("no"),
}


def value_label(value: str) -> str:
    """Return the label of a value such as `me`, `true` or `this_month`. Other values stay unchanged."""
    name = value.replace("_", " ")
    return str(WORDS.get(name) or PERIODS.get(name) or value)
