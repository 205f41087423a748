"""The period that a calendar shows: a month, a week or a day, in the reader's language."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import format_date, format_skeleton, get_day_names
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core.context import today
from kanal.kit import dates
from kanal.kit.errors import Invalid
from kanal.kit.writing import locale_of_days, written_day

MONTH, WEEK, DAY = "month", "week", "day"
EARLIEST, LATEST = dt.date(1000, 3, 1), dt.date(9990, 1, 1)


@dataclass(frozen=True)
class CalendarPeriod:
    """The month, week or day (`key`) that contains the day `at`. A month is filled up to whole weeks."""

    key: str
    at: dt.date
    is_now: bool

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "CalendarPeriod":
        """Return the period in a URL (`span`, `at`), by default the month of today."""
        key = query.get("span", "")
        try:
            at = dt.date.fromisoformat(query.get("at", ""))
        except ValueError:
            at = today()
        return cls(key if key in (WEEK, DAY) else MONTH, min(max(at, EARLIEST), LATEST), at == today())

    @staticmethod
    def choices() -> list[tuple[str, str]]:
        """Return the kinds of periods with their labels."""
        return [(MONTH, _("Month")), (WEEK, _("Week")), (DAY, _("Day"))]

    @property
    def parameters(self) -> dict[str, str]:
        """Return the parameters of the URL that differ from the defaults, the others empty."""
        span = "" if self.key == MONTH else self.key
        return {"span": span, "at": "" if self.is_now else self.at.isoformat()}

    @property
    def week_start(self) -> int:
        """Return the first weekday in the reader's language, 0 for Monday."""
        return locale_of_days(language_code()).first_week_day

    @property
    def first(self) -> dt.date:
        """Return the first day shown."""
        if self.key == DAY:
            return self.at
        day = dates.start_of(self.at, "month") if self.key == MONTH else self.at
        return dates.start_of(day, "week", self.week_start)

    @property
    def last(self) -> dt.date:
        """Return the last day shown."""
        if self.key == DAY:
            return self.at
        day = dates.end_of(self.at, "month") if self.key == MONTH else self.at
        return dates.end_of(day, "week", self.week_start)

    @property
    def title(self) -> str:
        """Return the name of the period: “November 2026”, “23 Nov 2026 – 29 Nov 2026”, “30 Nov 2026”."""
        language = language_code()
        if self.key == MONTH:
            return format_skeleton("yMMMM", self.at, locale=locale_of_days(language))
        if self.key == WEEK:
            return f"{written_day(self.first, language)} – {written_day(self.last, language)}"
        return format_date(self.at, "full", locale_of_days(language))

    def days(self) -> Iterator[dt.date]:
        """Yield the days shown."""
        for number in range((self.last - self.first).days + 1):
            yield self.first + dt.timedelta(days=number)

    def neighbour(self, count: int) -> dt.date:
        """Return the day by which the next (1) or previous (-1) period is named."""
        try:
            return dates.add_units(dates.start_of(self.at, "month") if self.key == MONTH else self.at, count, self.key)
        except Invalid:
            return self.at

    def weekday_names(self) -> list[dict[str, Any]]:
        """Return the short names of the weekdays shown."""
        if self.key == DAY:
            return []
        names = get_day_names("abbreviated", context="stand-alone", locale=locale_of_days(language_code()))
        return [names[(self.week_start + number) % 7] for number in range(7)]

    def day_label(self, day: dt.date) -> str:
        """Return the name of a day for those who don't see the grid, such as “Monday, 30 November 2026”."""
        return format_date(day, "full", locale_of_days(language_code()))

    def css_of(self, day: dt.date, now: dt.date) -> str:
        """Return the classes of a day: today, and outside of the month."""
        is_outside = self.key == MONTH and day.month != self.at.month
        return " ".join(filter(None, ("today" if day == now else "", "outside" if is_outside else "")))


def language_code() -> str:
    """Return the reader's language."""
    return get_language() or "en"
