"""What quotes hear of and are set by."""

from django.utils.translation import gettext_lazy as _

from kanal.core import events, settings
from kanal.core.fields import KINDS, Field
from kanal.entities.pricebooks.models import ProductCategory
from kanal.entities.quotes.documents import hear_of_upload


def connect() -> None:
    """Declare the settings and start to listen."""
    text = KINDS["text"]
    settings.declare(
        "company",
        Field("company.name", _("Company name"), text, default="", max_length=200),
        Field("company.address", _("Address"), KINDS["long_text"], default="", max_length=500),
        Field("company.vat_number", _("VAT number"), text, default="", max_length=40),
        Field("company.email", _("E-mail"), KINDS["email"], default="", max_length=200),
        Field("company.phone", _("Phone"), text, default="", max_length=40),
        Field("company.website", _("Website"), text, default="", max_length=200),
        Field("company.bank", _("Bank account"), text, default="", max_length=200),
    )
    settings.declare(
        "crm",
        Field(
            "crm.use_items", _("Use CRM items"), KINDS["boolean"], default=True,
            help=_("Work with items of price books; an opportunity needs a quote to be sold."),
        ),
        Field(
            "crm.show_item_descriptions", _("Show descriptions of opportunity items"), KINDS["boolean"], default=True,
            help=_("Show the description of each item in the items table."),
        ),
        Field(
            "crm.hand_category", _("Product category of lines by hand"), KINDS["choice"], table=ProductCategory,
            default="implementation", help=_("The type of contract that a line typed by hand becomes at the sale."),
        ),
    )  # fmt: skip
    events.listen_now("file.attached", hear_of_upload)
