"""The actions that the sale adds to opportunities."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import registry
from kanal.core.access import permissions_of, readable, related_records
from kanal.core.action import Action, Button, Dialog
from kanal.core.entity import Block, Tab
from kanal.core.fields import FIELD_TYPES, Field, Option
from kanal.core.fields.code_tables import CodeTable
from kanal.core.registry import extend
from kanal.entities.contracts.rules import why_not_remove
from kanal.entities.opportunities.models import OpportunityStatus
from kanal.entities.opportunities.models.pipelines import options_of_kinds
from kanal.entities.opportunities.rules import CLOSED
from kanal.entities.selling import actions
from kanal.entities.selling.checking import why_not_reopen


class Winning(CodeTable):
    """The statuses of won opportunities."""

    @classmethod
    def options(cls, group: str = "") -> tuple[Option, ...]:
        """List the active ones of every pipeline."""
        return options_of_kinds(OpportunityStatus.Kind.WON)


class Working(CodeTable):
    """The statuses in which an opportunity is worked on."""

    @classmethod
    def options(cls, group: str = "") -> tuple[Option, ...]:
        """List the active ones of every pipeline."""
        return options_of_kinds(OpportunityStatus.Kind.OPEN, OpportunityStatus.Kind.ON_HOLD)


def why_not_sell(opportunity: Any, user: Any = None) -> Any:
    """Return why an opportunity can't be sold."""
    return _("This opportunity is already sold.") if opportunity.is_locked else None


def sold_by_others(opportunity: Any, user: Any) -> Any:
    """Return why a partner user can't unlock a sale: it was made outside of their partner."""
    grants = permissions_of(user)
    if not grants.is_external:
        return None
    sellers = set(opportunity.contracts.values_list("created_by__partner_id", flat=True))
    return None if sellers == {grants.partner_id} else _("Your partner did not make this sale.")


def why_not_offered_again(opportunity: Any) -> Any:
    """Return why “Reopen” is hidden: the opportunity is locked or open."""
    is_closed = opportunity.status.kind in CLOSED and not opportunity.is_locked
    return None if is_closed else why_not_reopen(opportunity)


def contracts_of(opportunity: Any, user: Any, query: Any) -> dict[str, Any] | None:
    """Return the contracts of the sale, each with a remove button while the opportunity is unlocked, None before it."""
    entity = registry.get("contracts")
    rows = []
    for contract in related_records(user, entity, "opportunity", opportunity.pk, ("pk",)):
        contract.opportunity = opportunity
        rows.append(
            {
                "contract": readable(user, contract),
                "may_remove": not opportunity.is_locked,
                "why": why_not_remove(contract, user),
            }
        )
    return {"rows": rows, "back": opportunity.get_absolute_url()} if rows else None


extend(
    "opportunities",
    Block("contracts", "selling/contracts.html", contracts_of, tells=()),
    Action(
        "sold", _("Sold"), actions.sold, state=why_not_sell, hidden=why_not_sell, reaches=(OpportunityStatus.Kind.WON,),
        dialog=Dialog(
            (
                Field("status", _("Status"), FIELD_TYPES["choice"], table=Winning),
                Field(
                    "accept_expired", _("Sell the quote although it has expired"), FIELD_TYPES["boolean"],
                    default=False,
                ),
            ),
        ),
        button=Button("circle-check", place="primary", page="opportunity-sold"),
    ),
    Action(
        "unlock", _("Unlock"), actions.unlock,
        hidden=lambda opportunity: not opportunity.is_locked and _("This opportunity is not locked."),
        hidden_from=sold_by_others,
        button=Button("lock-open", place="primary", done=_("The opportunity is unlocked.")),
    ),
    Action(
        "reopen", _("Reopen"), actions.reopen, permission="lost", state=why_not_reopen, hidden=why_not_offered_again,
        leaves=CLOSED,
        dialog=Dialog((Field("status", _("Status"), FIELD_TYPES["choice"], table=Working),)),
        button=Button("arrow-back-up", place="more", done=_("The opportunity is open again.")),
    ),
    Tab(
        "contracts", _("Contracts"), list=("contracts", "opportunity:is({id})"), verbs=("sold",),
        about=_("Contracts are created when the opportunity is sold."),
    ),
)  # fmt: skip
