"""Building blocks of generated rows: users, partners, projects, choices by id, and pools of texts."""

import datetime as dt
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kanal.core import currencies
from kanal.core.models import Category
from kanal.demo.faker import Inventor, ascii_of
from kanal.demo.words import Country

POOL = 6000
YEARS = 3
CURRENCIES = ("EUR", "EUR", "EUR", "EUR", "NOK", "USD", "GBP", "CZK")


@dataclass
class World:
    """Data shared by the rows. `owners` and `created` store, per table, what child rows need of each row."""

    seed: str
    today: dt.date
    custom: int
    number: int = 1
    users: list[int] = field(default_factory=list)
    sellers: list[int] = field(default_factory=list)
    partners: list[int] = field(default_factory=list)
    projects: list[int] = field(default_factory=list)
    campaigns: list[int] = field(default_factory=list)
    first: dict[str, int] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    owners: dict[str, array] = field(default_factory=dict)
    accounts: dict[str, array] = field(default_factory=dict)
    regions: dict[str, array] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def inventor(self, name: str) -> Inventor:
        """Return the generator of one table, which only depends on the seed."""
        return Inventor(f"{self.seed}:{name}")

    def remember(self, name: str, first: int, count: int) -> None:
        """Store the ids of a table's new rows."""
        self.first[name], self.count[name] = first, count
        self.owners[name] = array("q", bytes(8 * count))
        self.regions[name] = array("q", bytes(8 * count))

    def draw(self, name: str, random: Callable[[], float], part: float = 1.0) -> int | None:
        """Return the index of a random row in another table (0 is its first new row), or None."""
        count = self.count.get(name, 0)
        if not count or random() >= part:
            return None
        return int(random() * count)


def table_ids(model: Any, **condition: Any) -> list[int]:
    """Return the ids of a small table in order."""
    return list(model._default_manager.filter(**condition).order_by("pk").values_list("pk", flat=True))


def categories(group: str) -> list[str]:
    """Return the ids in a list of categories as texts, or a single null if the list is empty."""
    return [str(pk) for pk in table_ids(Category, group=group)] or [r"\N"]


def people(inventor: Inventor, count: int = POOL) -> list[tuple[str, str, str, str, Country]]:
    """Return (first name, last name, local part of an e-mail address, phone, country) tuples for repeated use."""
    rows = []
    for _each in range(count):
        country = inventor.country()
        first, last = inventor.person(country)
        rows.append((first, last, f"{ascii_of(first)}.{ascii_of(last)}", inventor.phone(country), country))
    return rows


def companies(inventor: Inventor, count: int = POOL) -> list[tuple[str, str, str, str, str, str, str, str]]:
    """Return (name, domain, phone, street, city, postcode, region, country) tuples to be used with a number or city."""
    rows = []
    for _each in range(count):
        country = inventor.country()
        stem, other, trade = (inventor.word(options) for options in (country.stems, country.stems, country.trades))
        place = inventor.address(country)
        name = f"{stem} {other} {trade}" if other != stem else f"{stem} {trade}"
        domain = f"{ascii_of(stem)}-{ascii_of(trade)}.example"
        rows.append((
            name, domain, inventor.phone(country), place.street, place.city, place.postcode, place.region, country.code,
        ))  # fmt: skip
    return rows


def amounts(inventor: Inventor, middle: float, count: int = POOL) -> list[tuple[Decimal, str, Decimal]]:
    """Return (amount, currency, amount in the main currency) tuples, log-normal around the middle."""
    rates = currencies.rates(None)
    usable = [code for code in CURRENCIES if code in rates]
    rows = []
    for _each in range(count):
        code = inventor.word(tuple(usable))
        amount = inventor.amount(middle / float(rates[code]))
        rows.append((amount, code, round(amount * rates[code], 4)))
    return rows


@dataclass
class Clock:
    """Moments of the years before today as texts: `drawn` returns one, `after` a later one."""

    inventor: Inventor
    today: dt.date
    days: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        last = 365 * YEARS
        self.days = [(self.today - dt.timedelta(days=last - place)).isoformat() for place in range(last + 1)]
        self.times = [self.inventor.moment(self.today).strftime("%H:%M:") for _each in range(997)]

    def day(self, random: Callable[[], float]) -> int:
        """Return a random index in `days`. Later ones are more likely, as a business grows; the last is yesterday."""
        return int((len(self.days) - 1) * random() ** 0.7)

    def at(self, day: int, random: Callable[[], float]) -> str:
        """Return a moment of a day with milliseconds."""
        second = random() * 60
        return f"{self.days[day]} {self.times[int(random() * 997)]}{second:06.3f}+00"

    def after(self, day: int, random: Callable[[], float]) -> int:
        """Return a random later day, more likely a near one."""
        return min(day + int(random() ** 3 * 200), len(self.days) - 2)
