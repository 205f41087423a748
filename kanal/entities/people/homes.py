"""Who gets which home (INIT-1): by user type first, then by what a user may do. Each seeded role has one."""

from typing import Any

from kanal.core.access import permissions_of
from kanal.core.homes import Home, register_home
from kanal.entities.people.models import UserType


def may(user: Any, key: str, action: str) -> bool:
    """Return whether a user may act on some records of a type."""
    return permissions_of(user).allows(key, action)


def reaches_all(user: Any, key: str, action: str) -> bool:
    """Return whether a role allows an action on the records of everybody, not only on one's own or the team's."""
    rules = permissions_of(user).rules_for(key, action)
    return any(rule.visibility == "all" for rule in rules)


def is_director(user: Any) -> bool:
    """Return whether a user is a director, or sees all sales without selling: a read-only role of the management."""
    if user.user_type == UserType.REPRESENTATIVE:
        return False
    return user.user_type == UserType.DIRECTOR or reaches_all(user, "opportunities", "view")


def is_seller(user: Any) -> bool:
    """Return whether a user works on opportunities of their own. Those who look after all accounts manage them."""
    is_representative = user.user_type == UserType.REPRESENTATIVE
    return may(user, "opportunities", "add") and (is_representative or not reaches_all(user, "accounts", "edit"))


register_home(Home.ADMINISTRATOR, lambda user: permissions_of(user).is_admin)
register_home(Home.PARTNER, lambda user: permissions_of(user).is_external)
register_home(Home.DIRECTOR, is_director)
register_home(Home.SELLER, is_seller)
register_home(Home.LEAD_MANAGER, lambda user: may(user, "intake-sources", "edit"))
register_home(Home.ACCOUNT_MANAGER, lambda user: reaches_all(user, "accounts", "edit"))
register_home(Home.SUPPORT, lambda user: may(user, "tasks", "edit"))
