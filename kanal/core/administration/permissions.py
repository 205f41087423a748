"""Permission to administer settings (ACC-2)."""

from typing import Any

from kanal.core.access import permissions_of
from kanal.core.savedfilters import PUBLISH
from kanal.kit.errors import NotAllowed

ADMINISTER = "administer_settings"
GLOBAL = (ADMINISTER, "manage_user_targets", "manage_dashboards", PUBLISH)


def may_administer(user: Any) -> bool:
    """Return whether the user may view and change settings."""
    grants = permissions_of(user)
    return grants.is_admin or ADMINISTER in grants.permissions


def require_administrator(user: Any) -> None:
    """Raise NotAllowed unless the user may administer settings. The system may."""
    if user is not None and not may_administer(user):
        raise NotAllowed
