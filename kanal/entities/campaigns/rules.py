"""Rules of campaigns."""

from typing import Any

from django.utils.translation import gettext as _

from kanal.core.models import Category
from kanal.kit.chains import is_below_itself

STATUSES = "campaign_status"
ARCHIVED = "archived"


def campaign_defaults(by: Any) -> dict[str, Any]:
    """Return the active status, and the author as owner."""
    preset: dict[str, Any] = {}
    status = Category.default(STATUSES)
    if status:
        preset["status"] = status.key
    if by.user is not None:
        preset["owner"] = by.user.pk
    return preset


def check_campaign(campaign: Any, errors: dict[str, list]) -> None:
    """Add errors for an end before the start, and a campaign under itself."""
    if campaign.start and campaign.end and campaign.end < campaign.start:
        errors["end"] = [_("The end is before the start.")]
    if is_below_itself(campaign):
        errors["parent"] = [_("A campaign can't be its own parent.")]
