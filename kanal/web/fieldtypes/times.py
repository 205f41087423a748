"""Dates and datetimes."""

import datetime as dt
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from markupsafe import Markup

from kanal.core.context import today
from kanal.core.fields import Field
from kanal.core.fields.times import DateTimeType, DateType, is_day
from kanal.core.listing import Column, Page
from kanal.core.query import FilterContext, Test
from kanal.kit.writing import brief_day, brief_moment, written_day, written_moment
from kanal.web.fieldtypes.entry import Entry
from kanal.web.fieldtypes.filter_labels import OPERATORS, PERIODS, UNITS, value_label
from kanal.web.fieldtypes.period_texts import period_text
from kanal.web.fieldtypes.presenter import Presenter, Write, language, presents
from kanal.web.markup import timed

SPANS = ("within", "older")


@presents(DateType)
class DayPresenter(Presenter):
    """A date."""

    control = "date"
    operators = ("on", "within", "before", "after", "between", "older", "empty", "set")

    def text(self, field: Field, value: Any) -> str:
        """Return a date, or a datetime in the reader's time zone."""
        if isinstance(value, str):
            value = dt.datetime.fromisoformat(value) if "T" in value or " " in value else dt.date.fromisoformat(value)
        if isinstance(value, dt.datetime):
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return written_moment(local, language())
        return written_day(value, language())

    def typed(self, field: Field, value: Any) -> str:
        """Return the date in ISO 8601 format."""
        return value.isoformat() if is_day(value) else super().typed(field, value)

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format the date."""
        lang_code = language()
        return lambda day: written_day(day, lang_code)

    def filter_input(self, field: Field, op: str, values: list[str], reader: FilterContext) -> dict[str, Any]:
        """Ask for a date, a calendar period, or a number of days."""
        if op in SPANS:
            wanted = ["last", *values] if op == "older" else values
            which, count, unit = wanted if len(wanted) == 3 else ("last", "30", "days")
            return {"control": "span", "which": which, "count": count, "unit": unit, "units": UNITS}
        asked = super().filter_input(field, op, values, reader)
        period = asked["value"] if asked["value"] in PERIODS else ""
        return {**asked, "control": "day", "periods": PERIODS, "period": period}

    def filter_values(self, op: str, posted: QueryDict) -> tuple[str, ...]:
        """Return a range as `last,30,days`. A period takes precedence over a date."""
        if op in SPANS:
            span = (posted.get("count", ""), posted.get("unit", "days"))
            return (posted.get("which", "last"), *span) if op == "within" else span
        period = posted.get("period") if op == "on" else ""
        if period:
            return (period,)
        return super().filter_values(op, posted)

    def filter_operator(self, op: str, test: Test) -> str:
        """Return "is" before a period: "is this month", but "is on 30 Nov 2026"."""
        if op.removeprefix("!") in ("on", "within") and period_of(test.values):
            return str(OPERATORS["not" if op.startswith("!") else "is"])
        return super().filter_operator(op, test)

    def filter_words(self, test: Test, field: Field, reader: FilterContext) -> str:
        """Return days in the user's language, and the label of `last,30,days` or `21,days`."""
        if period := period_of(test.values):
            return str(PERIODS[period])
        if test.op in SPANS:
            return period_text(test.values)
        return (" – " if test.op == "between" else ", ").join(map(day_label, test.values))


def period_of(values: tuple[str, ...]) -> str:
    """Return the key of the period that values name, such as `this month`, or ""."""
    name = " ".join(values).replace("_", " ")
    return name if name in PERIODS else ""


def day_label(value: str) -> str:
    """Return a day in the user's language, or the label of a period. Other values stay unchanged."""
    try:
        return written_day(dt.date.fromisoformat(value), language())
    except ValueError:
        return value_label(value)


@presents(DateTimeType)
class MomentPresenter(DayPresenter):
    """A datetime in the reader's time zone, or a whole day."""

    control = "datetime"

    def typed(self, field: Field, value: Any) -> str:
        """Return the datetime without seconds, as its control requires."""
        if isinstance(value, dt.datetime):
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return local.strftime("%Y-%m-%dT%H:%M")
        return f"{value.isoformat()}T00:00" if is_day(value) else super().typed(field, value)

    def show(self, entry: Entry, value: Any) -> None:
        """Store the exact datetime, since the control has no seconds."""
        super().show(entry, value)
        entry.moment = value if isinstance(value, dt.datetime) else None

    def cell(self, column: Column, page: Page, *, is_status: bool = False) -> Write:
        """Format a datetime of this year with its time, an earlier one as its date, with the rest as a tooltip."""
        day, lang_code = today(), language()

        def write(moment: Any) -> Markup:
            if is_day(moment):
                return timed(moment, written_day(moment, lang_code), brief_day(moment, day, lang_code))
            local = timezone.localtime(moment)
            return timed(local, written_moment(local, lang_code), brief_moment(local, day, lang_code))

        return write
