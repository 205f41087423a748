"""Rules of users."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kanal.kit import zones
from kanal.kit.chains import is_below_itself
from kanal.kit.zonenames import refusal_of, zone_named


def derive_user(user: Any, changed: set[str]) -> None:
    """Set the full name from its parts, and the time zone to its IANA name."""
    user.name = f"{user.first_name} {user.last_name}".strip() or user.username
    user.time_zone = zone_named(user.time_zone) or user.time_zone


def check_user(user: Any, errors: dict[str, list]) -> None:
    """Add errors for a partner user without a partner, and a supervisor who reports to the user."""
    if user.is_external and user.partner_id is None:
        errors["partner"] = [_("A partner user belongs to a partner.")]
    if user.language and user.language not in dict(settings.LANGUAGES):
        errors["language"] = [_("Use one of these codes: %(codes)s.") % {"codes": ", ".join(dict(settings.LANGUAGES))}]
    if user.time_zone and zones.find_zone(user.time_zone) is None:
        errors["time_zone"] = [refusal_of(user.time_zone)]
    if user.absent_from and user.absent_until and user.absent_until < user.absent_from:
        errors["absent_until"] = [_("This is before the first day of the absence.")]
    if is_below_itself(user, "supervisor"):
        errors["supervisor"] = [_("This would create a circle in the organization chart.")]
