"""Decisions about campaigns."""

from typing import Any

from django.utils.translation import gettext as _

from kanal.core.models import Category

STATUSES = "campaign_status"
DEEPEST = 30


def initial(by: Any) -> dict[str, Any]:
    """Begin active, owned by the author."""
    preset: dict[str, Any] = {}
    status = Category.default(STATUSES)
    if status:
        preset["status"] = status.key
    if by.user is not None:
        preset["owner"] = by.user.pk
    return preset


def check(campaign: Any, errors: dict[str, list]) -> None:
    """Refuse an end before the start, and a campaign below itself."""
    if campaign.start and campaign.end and campaign.end < campaign.start:
        errors["end"] = [_("The end is before the start.")]
    above, steps = campaign.parent, 0
    while above is not None and steps < DEEPEST:
        if campaign.pk is not None and above.pk == campaign.pk:
            errors["parent"] = [_("A campaign can't stand below itself.")]
            return
        above, steps = above.parent, steps + 1
