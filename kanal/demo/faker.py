"""Seeded generator of people, companies, addresses and amounts from word lists. The same seed, the same data."""

import datetime as dt
import math
import random
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from kanal.demo.words import COUNTRIES, Country

PLAIN = str.maketrans({"ø": "o", "Ø": "O", "æ": "ae", "ß": "ss", "ł": "l", "đ": "d"})


@dataclass(frozen=True)
class Address:
    """A person's home or work address."""

    street: str
    city: str
    postcode: str
    region: str
    country: str


def ascii_of(text: str) -> str:
    """Return a name with the letters allowed in e-mail and web addresses."""
    plain = unicodedata.normalize("NFKD", text.translate(PLAIN)).encode("ascii", "ignore").decode().lower()
    return "".join(letter if letter.isalnum() else "-" for letter in plain).strip("-")


def round_amount(amount: float) -> Decimal:
    """Round an amount to two significant digits, at least to hundreds."""
    step = 10 ** max(int(math.log10(max(amount, 1))) - 1, 2)
    return Decimal(round(amount / step) * step)


class Inventor:
    """Generate fictitious data. Every draw advances one seeded generator."""

    def __init__(self, seed: str, zone: dt.tzinfo = dt.UTC) -> None:
        self.zone = zone
        self.random = random.Random(seed)  # noqa: S311 - reproducible on purpose
        self.taken: set[str] = set()

    def pick(self, *of: object) -> object:
        """Return one of the arguments at random."""
        return of[int(self.random.random() * len(of))]

    def word(self, of: tuple[str, ...]) -> str:
        """Return a random word from a list."""
        return of[int(self.random.random() * len(of))]

    def chance(self, part: float) -> bool:
        """Return True with the given probability."""
        return self.random.random() < part

    def country(self, codes: tuple[str, ...] = ()) -> Country:
        """Return a random country, from these codes if given."""
        among = [country for country in COUNTRIES if not codes or country.code in codes]
        return among[int(self.random.random() * len(among))]

    def person(self, country: Country) -> tuple[str, str]:
        """Return a random first and last name."""
        return self.word(country.first_names), self.word(country.last_names)

    def company(self, country: Country) -> str:
        """Return a unique company name."""
        for _try in range(40):
            stem, trade = self.word(country.stems), self.word(country.trades)
            name = f"{stem} {trade} {self.word(country.forms)}"
            if name not in self.taken:
                self.taken.add(name)
                return name
        first, last = self.person(country)
        return f"{last} & {first} {self.word(country.trades)} {self.word(country.forms)}"

    def address(self, country: Country) -> Address:
        """Return a random address."""
        city, postcode, region = country.cities[int(self.random.random() * len(country.cities))]
        number = 1 + int(self.random.random() * 120)
        street = self.word(country.streets)
        line = f"{number} {street}" if country.code in ("FR", "GB", "US") else f"{street} {number}"
        return Address(line, city, postcode, region, country.code)

    def phone(self, country: Country) -> str:
        """Return a random phone number in E.164."""
        return country.phone + "".join(str(int(self.random.random() * 10)) for _digit in range(country.digits))

    def amount(self, middle: float, spread: float = 0.9) -> Decimal:
        """Return a random amount, log-normal around the middle."""
        return round_amount(self.random.lognormvariate(math.log(middle), spread))

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """Return a random day between two, inclusive."""
        return first + dt.timedelta(days=int(self.random.random() * ((last - first).days + 1)))

    def moment(self, day: dt.date) -> dt.datetime:
        """Return a random moment in a day's working hours, at the company's location."""
        minutes = int(self.random.triangular(7 * 60, 17 * 60, 9 * 60))
        return dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60), self.zone).astimezone(dt.UTC)
