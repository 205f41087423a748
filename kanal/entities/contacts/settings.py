"""Settings of contacts: the types of employees and consultants (CONT-2)."""

from django.utils.translation import gettext_lazy as _

from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.settings import declare
from kanal.entities.contacts.models import ContactType

declare(
    "b2b",
    Field(
        "contacts.employee_type", _("Personal contact type for employees"), FIELD_TYPES["choice"], table=ContactType,
        default="employee", help=_("The type of persons created on an account."),
    ),
    Field(
        "contacts.consultant_type", _("Personal contact type for consultants"),
        FIELD_TYPES["choice"], table=ContactType,
        default="consultant", help=_("The type of persons created on a partner."),
    ),
)  # fmt: skip
