"""Start pages (homes): one per kind of user. The type and the permissions of a user decide which one they get."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kanal.kit.registries import Registry


class Home(StrEnum):
    """The start pages. A user gets the first one, in this order, that suits them. OVERVIEW suits everybody."""

    ADMINISTRATOR = "home.administrator"
    PARTNER = "home.partner"
    DIRECTOR = "home.director"
    SELLER = "home.seller"
    LEAD_MANAGER = "home.lead-manager"
    ACCOUNT_MANAGER = "home.account-manager"
    SUPPORT = "home.support"
    OVERVIEW = "home.overview"


Suits = Callable[[Any], bool]


@dataclass(frozen=True)
class HomeRule:
    """Who gets a home: `suits(user)` decides by type and permissions, without reading records."""

    home: Home
    suits: Suits


home_rules: Registry[HomeRule] = Registry("start pages", lambda rule: rule.home.value)


def register_home(home: Home, suits: Suits) -> HomeRule:
    """Register who gets a home. Each home has one rule, from the app whose records it is about."""
    return home_rules.register(home, HomeRule(home, suits))


def home_of(user: Any) -> Home:
    """Return the home of a user."""
    suiting = (home for home in Home if home in home_rules and home_rules[home].suits(user))
    return next(suiting, Home.OVERVIEW)
