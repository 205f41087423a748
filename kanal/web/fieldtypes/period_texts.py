"""Labels for periods of a number of days, weeks, months, quarters or years.

Each is a complete text: word order and endings differ between languages, so no label is composed of parts.
"""

from typing import Any

from django.utils.translation import ngettext_lazy

from kanal.web.fieldtypes.filter_labels import value_label

PERIOD_TEXTS: dict[tuple[str, str], Any] = {
    ("last", "days"): ngettext_lazy("the last %(n)s day", "the last %(n)s days", "n"),
    ("last", "weeks"): ngettext_lazy("the last %(n)s week", "the last %(n)s weeks", "n"),
    ("last", "months"): ngettext_lazy("the last %(n)s month", "the last %(n)s months", "n"),
    ("last", "quarters"): ngettext_lazy("the last %(n)s quarter", "the last %(n)s quarters", "n"),
    ("last", "years"): ngettext_lazy("the last %(n)s year", "the last %(n)s years", "n"),
    ("next", "days"): ngettext_lazy("the next %(n)s day", "the next %(n)s days", "n"),
    ("next", "weeks"): ngettext_lazy("the next %(n)s week", "the next %(n)s weeks", "n"),
    ("next", "months"): ngettext_lazy("the next %(n)s month", "the next %(n)s months", "n"),
    ("next", "quarters"): ngettext_lazy("the next %(n)s quarter", "the next %(n)s quarters", "n"),
    ("next", "years"): ngettext_lazy("the next %(n)s year", "the next %(n)s years", "n"),
    ("this", "days"): ngettext_lazy("%(n)s day, with this one", "%(n)s days, with this one", "n"),
    ("this", "weeks"): ngettext_lazy("%(n)s week, with this one", "%(n)s weeks, with this one", "n"),
    ("this", "months"): ngettext_lazy("%(n)s month, with this one", "%(n)s months, with this one", "n"),
    ("this", "quarters"): ngettext_lazy("%(n)s quarter, with this one", "%(n)s quarters, with this one", "n"),
    ("this", "years"): ngettext_lazy("%(n)s year, with this one", "%(n)s years, with this one", "n"),
    ("", "days"): ngettext_lazy("%(n)s day", "%(n)s days", "n"),
    ("", "weeks"): ngettext_lazy("%(n)s week", "%(n)s weeks", "n"),
    ("", "months"): ngettext_lazy("%(n)s month", "%(n)s months", "n"),
    ("", "quarters"): ngettext_lazy("%(n)s quarter", "%(n)s quarters", "n"),
    ("", "years"): ngettext_lazy("%(n)s year", "%(n)s years", "n"),
}


def period_text(values: tuple[str, ...]) -> str:
    """Return the label of `this week`, `last,30,days` or `21,days`. Other values stay unchanged."""
    which, number, unit = ("", "", "", *values)[-3:]
    span = PERIOD_TEXTS.get((which, unit))
    if span is not None and number.isdigit():
        return str(span % {"n": int(number)})
    return ", ".join(map(value_label, values))
