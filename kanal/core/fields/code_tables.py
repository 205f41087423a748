"""Choices without a table of categories: countries (ISO 3166) and the currencies in use (ISO 4217)."""

from functools import cache
from typing import Any

from django.utils.translation import get_language

from kanal.core.fields.field import Option
from kanal.kit import zones
from kanal.kit.letters import sort_key
from kanal.kit.numbers import locale_of


@cache
def country_options(language: str) -> tuple[Option, ...]:
    """Return the countries by their name in a language."""
    names = locale_of(language).territories
    countries = [
        (name, key) for key, name in names.items() if len(key) == 2 and key not in {"EU", "UN", "EZ", "ZZ", "XA", "XB"}
    ]
    return tuple(
        Option(key, name, sort=place)
        for place, (name, key) in enumerate(sorted(countries, key=lambda country: sort_key(country[0], language)))
    )


@cache
def zone_options(chosen: str = "") -> tuple[Option, ...]:
    """Return the time zones by name: those of places, UTC, and the chosen one if it has another name."""
    zone_names = sorted(name for name in zones.zone_names() if "/" in name or name in ("UTC", chosen))
    return tuple(Option(name, name.replace("_", " "), sort=place) for place, name in enumerate(zone_names))


class CodeTable:
    """The table interface of a field, for options whose key is the stored value itself."""

    @classmethod
    def options(cls, group: str = "") -> tuple[Option, ...]:
        """Return the options."""
        raise NotImplementedError

    @classmethod
    def by_key(cls, key: str, group: str = "") -> Any:
        """Return the stored value of a key: the key."""
        return key


class Countries(CodeTable):
    """The countries of the world."""

    @classmethod
    def options(cls, group: str = "") -> tuple[Option, ...]:
        """Return the countries in the reader's language."""
        return country_options(get_language() or "en")


class Currencies(CodeTable):
    """The currencies in use."""

    @classmethod
    def options(cls, group: str = "") -> tuple[Option, ...]:
        """Return the codes, the main currency first."""
        from kanal.core import currencies

        return tuple(Option(code, code, sort=place) for place, code in enumerate(currencies.in_use()))
