"""What qualification adds to leads: the verb, a tab, and the type of account that it makes."""

from django.utils.translation import gettext_lazy as _

from kanal.core import settings
from kanal.core.entity import Action, Tab
from kanal.core.fields import KINDS, Field
from kanal.core.registry import extend
from kanal.entities.accounts.models import AccountType
from kanal.entities.leads.rules import why_not_open
from kanal.entities.qualification.actions import qualify


def connect() -> None:
    """Register the verb and the setting."""
    extend(
        "leads",
        Action(
            "qualify", _("Qualify"), qualify, page="lead-qualify", place="primary", tone="success", icon="thumb-up",
            state=why_not_open,
        ),
        Tab("opportunities", _("Opportunities"), list=("opportunities", "origin_lead:is({id})")),
    )  # fmt: skip
    settings.declare(
        "b2b",
        Field(
            "b2b.opportunity_account_type", _("Opportunity account type"), KINDS["choice"], table=AccountType,
            help=_("The type of the account that qualification makes for a company."),
        ),
    )  # fmt: skip
