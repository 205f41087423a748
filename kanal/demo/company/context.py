"""State shared by the demo's steps: the day, the counts, the people and what was created so far."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from kanal.core import registry, writes
from kanal.core.actor import ChangeSource
from kanal.demo.company import replay
from kanal.demo.faker import Inventor
from kanal.kit import zones

YEARS = 2
ZONE = zones.find_zone("Europe/Oslo") or dt.UTC  # the company's location


@dataclass(frozen=True)
class Numbers:
    """The number of records of each kind."""

    accounts: int = 120
    contacts: int = 220
    leads: int = 300
    opportunities: int = 150
    tasks: int = 60

    def times(self, part: float) -> "Numbers":
        """Return the counts of a smaller or larger company."""
        return Numbers(**{name: max(int(number * part), 3) for name, number in vars(self).items()})


@dataclass
class Scene:
    """The state of the demo during creation."""

    inventor: Inventor
    today: dt.date
    numbers: Numbers
    users: dict[str, Any] = field(default_factory=dict)
    sellers: list[Any] = field(default_factory=list)
    partners: list[Any] = field(default_factory=list)
    projects: dict[str, Any] = field(default_factory=dict)
    campaigns: list[Any] = field(default_factory=list)
    accounts: list[Any] = field(default_factory=list)
    contacts: dict[int, list[Any]] = field(default_factory=dict)
    products: dict[str, Any] = field(default_factory=dict)
    bundles: dict[str, Any] = field(default_factory=dict)
    books: dict[str, Any] = field(default_factory=dict)
    leads: list[Any] = field(default_factory=list)
    bought_first: list[str] = field(default_factory=list)
    loaded: dt.datetime = field(default_factory=timezone.now)
    report: Callable[[float], None] = lambda part: None

    @property
    def first_day(self) -> dt.date:
        """Return the day on which the company started to use Kanal."""
        return self.today - dt.timedelta(days=365 * YEARS)

    @property
    def now(self) -> dt.datetime:
        """Return the last moment of the demo: the morning of its day, or the evening before if it's in the future."""
        morning = dt.datetime.combine(self.today, dt.time(10, 40), ZONE)
        if morning <= self.loaded:
            return morning.astimezone(dt.UTC)
        before = min(self.today - dt.timedelta(days=1), self.loaded.astimezone(ZONE).date() - dt.timedelta(days=1))
        before -= dt.timedelta(days=max(before.weekday() - 4, 0))
        return dt.datetime.combine(before, dt.time(16, 40), ZONE).astimezone(dt.UTC)

    def past(self, moment: dt.datetime) -> dt.datetime:
        """Return a moment in the past at any time of loading: yesterday afternoon at the latest."""
        yesterday = dt.datetime.combine(self.now.date() - dt.timedelta(days=1), dt.time(15), ZONE)
        return min(moment, yesterday.astimezone(dt.UTC))

    def moments(self, count: int, *, power: float = 0.8) -> list[dt.datetime]:
        """Return random moments on working days, in order. Business grows, so later ones are more likely."""
        span = 365 * YEARS - 1
        drawn = [
            self.first_day + dt.timedelta(days=int(span * self.inventor.random.random() ** power)) for _ in range(count)
        ]
        workdays = [day - dt.timedelta(days=max(day.weekday() - 4, 0)) for day in drawn]
        return sorted(self.inventor.moment(day) for day in workdays)

    def later(self, moment: dt.datetime, days: int) -> dt.datetime:
        """Return a random moment within some days of another, never after the demo's `now`."""
        ahead = dt.timedelta(
            days=1 + int(self.inventor.random.random() * days), minutes=int(self.inventor.random.random() * 90)
        )
        return min(moment + ahead, self.now - dt.timedelta(minutes=5))

    def make(
        self, key: str, values: dict[str, Any], moment: dt.datetime, user: Any, means: ChangeSource = ChangeSource.FORM
    ) -> Any:
        """Create a record at a moment."""
        given = {name: value for name, value in values.items() if value is not None}
        with replay.at(moment):
            return writes.create(registry.get(key), given, by=replay.replay_actor(user, moment, means))

    def owner_of(self, account: Any) -> Any:
        """Return the manager of an account, with permissions loaded."""
        return next(user for user in self.users.values() if user.pk == account.account_manager_id)

    def project_of(self, country: str) -> Any:
        """Return the region that a country belongs to."""
        return self.projects[REGIONS.get(country, "crm-overseas")]


REGIONS = {
    "NO": "crm-nordics", "DE": "crm-dach", "CZ": "crm-central-europe", "ES": "crm-iberia", "FR": "crm-western-europe",
    "GB": "crm-western-europe", "US": "crm-overseas",
}  # fmt: skip
