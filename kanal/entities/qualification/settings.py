"""Setting of qualification: the type of new accounts."""

from django.utils.translation import gettext_lazy as _

from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.settings import declare
from kanal.entities.accounts.models import AccountType

declare(
    "b2b",
    Field(
        "b2b.opportunity_account_type", _("Opportunity account type"), FIELD_TYPES["choice"], table=AccountType,
        help=_("The type of accounts that qualification creates for companies."),
    ),
)  # fmt: skip
