"""Settings of quotes: the issuing company, and editing of items."""

from django.utils.translation import gettext_lazy as _

from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.settings import declare
from kanal.entities.pricebooks.models import ProductCategory

declare(
    "company",
    Field("company.name", _("Company name"), FIELD_TYPES["text"], default="", max_length=200),
    Field("company.address", _("Address"), FIELD_TYPES["long_text"], default="", max_length=500),
    Field("company.vat_number", _("VAT number"), FIELD_TYPES["text"], default="", max_length=40),
    Field("company.email", _("E-mail"), FIELD_TYPES["email"], default="", max_length=200),
    Field("company.phone", _("Phone"), FIELD_TYPES["text"], default="", max_length=40),
    Field("company.website", _("Website"), FIELD_TYPES["text"], default="", max_length=200),
    Field("company.bank", _("Bank account"), FIELD_TYPES["text"], default="", max_length=200),
)

declare(
    "crm",
    Field(
        "crm.use_items", _("Use CRM items"), FIELD_TYPES["boolean"], default=True,
        help=_("Use items from price books; an opportunity needs a quote to be sold."),
    ),
    Field(
        "crm.show_item_descriptions", _("Show descriptions of opportunity items"), FIELD_TYPES["boolean"], default=True,
        help=_("Show the description of each item in the items table."),
    ),
    Field(
        "crm.hand_category", _("Product category of free-text lines"), FIELD_TYPES["choice"], table=ProductCategory,
        default="implementation", help=_("The contract type of free-text lines when they are sold."),
    ),
)  # fmt: skip
