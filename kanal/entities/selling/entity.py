"""The verbs that the sale adds to an opportunity."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.entity import Action, Tab
from kanal.core.registry import extend
from kanal.entities.selling import actions


def why_not_sell(opportunity: Any) -> Any:
    """Say why an opportunity can't be sold."""
    return _("This opportunity is sold already.") if opportunity.is_locked else None


extend(
    "opportunities",
    Action(
        "sold", _("Sold"), actions.sold, place="primary", tone="success", icon="circle-check", page="opportunity-sold",
        state=why_not_sell, hidden=lambda opportunity: opportunity.is_locked,
    ),
    Action(
        "unlock", _("Unlock"), actions.unlock, place="primary", icon="lock-open",
        hidden=lambda opportunity: not opportunity.is_locked, done=_("The opportunity is unlocked."),
    ),
    Tab("contracts", _("Contracts"), list=("contracts", "opportunity:is({id})")),
)  # fmt: skip
