"""The verbs that the sale adds to an opportunity."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import registry
from kanal.core.access import those_of
from kanal.core.entity import Action, Block, Tab
from kanal.core.registry import extend
from kanal.entities.contracts.rules import why_not_remove
from kanal.entities.selling import actions


def why_not_sell(opportunity: Any) -> Any:
    """Say why an opportunity can't be sold."""
    return _("This opportunity is sold already.") if opportunity.is_locked else None


def contracts_of(opportunity: Any, user: Any, query: Any) -> dict[str, Any] | None:
    """Give the contracts that the sale has made, each with its cross while the opportunity is unlocked; None before."""
    entity = registry.get("contracts")
    rows = []
    for contract in those_of(user, entity, "opportunity", opportunity.pk, ("pk",)):
        contract.opportunity = opportunity
        rows.append({"contract": contract, "may_remove": not opportunity.is_locked, "why": why_not_remove(contract)})
    return {"rows": rows, "back": opportunity.get_absolute_url()} if rows else None


extend(
    "opportunities",
    Block("contracts", "selling/contracts.html", contracts_of),
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
