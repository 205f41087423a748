"""Actions on campaigns: archive and unarchive (CAMP-4)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import writes
from kanal.core.action import Action, Button, Dialog
from kanal.core.actor import Actor
from kanal.core.fields import Option
from kanal.core.fields.code_tables import CodeTable
from kanal.core.fields.from_model import model_field
from kanal.core.models import Category
from kanal.entities.campaigns.models import Campaign
from kanal.entities.campaigns.rules import ARCHIVED, STATUSES


class InUse(CodeTable):
    """The statuses of campaigns in use."""

    @classmethod
    def options(cls, group: str = "") -> tuple[Option, ...]:
        """List all except the status of archived campaigns."""
        return tuple(option for option in Category.options(STATUSES) if option.key != ARCHIVED)


def archive(campaign: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Archive a campaign, with the chosen status."""
    writes.change(campaign, {"status": values["status"], "is_archived": True}, by=by.within_action("archive"))


def unarchive(campaign: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Restore a campaign, with the chosen status."""
    writes.change(campaign, {"status": values["status"], "is_archived": False}, by=by.within_action("unarchive"))


def archived_status(campaign: Any) -> dict[str, Any]:
    """Return the status Archived, if there is one."""
    status = Category.by_key(ARCHIVED, STATUSES)
    return {"status": status.key} if status else {}


def active_status(campaign: Any) -> dict[str, Any]:
    """Return the status of new campaigns."""
    status = Category.default(STATUSES)
    return {"status": status.key} if status else {}


ARCHIVE = Action(
    "archive", _("Archive"), archive,
    hidden=lambda campaign: campaign.is_archived and _("The campaign is already archived."), reaches=(ARCHIVED,),
    dialog=Dialog(("status",), initial=archived_status),
    button=Button("archive", done=_("The campaign was archived.")),
)  # fmt: skip
UNARCHIVE = Action(
    "unarchive", _("Unarchive"), unarchive,
    hidden=lambda campaign: not campaign.is_archived and _("The campaign is not archived."), leaves=(ARCHIVED,),
    dialog=Dialog((model_field(Campaign, "status").but(table=InUse),), initial=active_status),
    button=Button("archive-off", done=_("The campaign is in use again.")),
)  # fmt: skip
