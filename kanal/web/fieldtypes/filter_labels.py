"""Labels of the parts of a filter: operators, units, periods, and special values.

Each label continues a sentence that starts with the name of a field. `!contains` is the opposite of `contains`.
"""

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
    "!contains": gettext_lazy("does not contain"),
    "starts": gettext_lazy("starts with"),
    "!starts": gettext_lazy("does not start with"),
    "gt": gettext_lazy("is greater than"),
    "!gt": gettext_lazy("is not greater than"),
    "lt": gettext_lazy("is less than"),
    "!lt": gettext_lazy("is not less than"),
    "between": gettext_lazy("is between"),
    "!between": gettext_lazy("is not between"),
    "on": gettext_lazy("is on"),
    "!on": gettext_lazy("is not on"),
    "before": gettext_lazy("is before"),
    "!before": gettext_lazy("is not before"),
    "after": gettext_lazy("is after"),
    "!after": gettext_lazy("is not after"),
    "within": gettext_lazy("is within"),
    "!within": gettext_lazy("is not within"),
    "older": gettext_lazy("is older than"),
    "!older": gettext_lazy("is not older than"),
}
OPPOSITES = {"is": "not", "not": "is", "any": "none", "none": "any", "empty": "set", "set": "empty"}
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


def opposite(op: str) -> str:
    """Return the operator with the opposite meaning: `not` for `is`, `!contains` for `contains`."""
    return op[1:] if op.startswith("!") else OPPOSITES.get(op, f"!{op}")


def value_label(value: str) -> str:
    """Return the label of a value such as `me`, `true` or `this_month`. Other values stay unchanged."""
    name = value.replace("_", " ")
    return str(WORDS.get(name) or PERIODS.get(name) or value)
