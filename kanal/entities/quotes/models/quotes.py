"""Quotes. Their rows are in items.py."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import CurrencyColumn, MoneyColumn, money
from kanal.core.models import Record
from kanal.core.query.expressions import Fold


def total(label: object) -> MoneyColumn:
    """Return the column of a total computed by the rules."""
    return MoneyColumn(label, currency="currency", default=0, blank=True, editable=False)


class Quote(Record):
    """An offer to a customer with prices (QUOTE-1, QUOTE-7b)."""

    class State(models.TextChoices):
        """The state of a quote."""

        DRAFT = "draft", _("Draft")
        APPROVAL = "approval", _("Waiting for approval")
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Expired")

    name = models.CharField(_("Name"), max_length=200)
    number = models.CharField(_("Number"), max_length=40, unique=True, editable=False)
    opportunity = models.ForeignKey(
        "opportunities.Opportunity", on_delete=models.CASCADE, related_name="quotes", verbose_name=_("Opportunity")
    )
    price_book = models.ForeignKey(
        "pricebooks.PriceBook", on_delete=models.PROTECT, null=True, blank=True, related_name="quotes",
        verbose_name=_("Price book"),
    )  # fmt: skip
    brand = models.ForeignKey(
        "pricebooks.Brand", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Brand")
    )
    product_version = models.ForeignKey(
        "pricebooks.ProductVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Product version"),
    )  # fmt: skip
    currency = CurrencyColumn(_("Currency"), blank=True)
    start = models.DateField(_("Start date"), null=True, blank=True, help_text=_("First day of the quote's validity."))
    due = models.DateField(_("Due date"), null=True, blank=True, help_text=_("Last day of the quote's validity."))
    contract_start = models.DateField(
        _("Contract start"), null=True, blank=True,
        help_text=_("When the contracts start; the day of the sale if empty."),
    )  # fmt: skip
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=State.choices, default=State.DRAFT)
    language = models.CharField(_("Language"), max_length=8, blank=True, default="", choices=settings.LANGUAGES)
    terms = models.TextField(_("Terms"), blank=True, default="")
    payment_terms = models.TextField(_("Payment terms"), blank=True, default="")
    note = models.TextField(_("Note"), blank=True, default="")
    is_active = models.BooleanField(_("Active"), default=False, editable=False)
    revision_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="revisions", editable=False,
        verbose_name=_("Revision of"),
    )  # fmt: skip
    revision_number = models.PositiveIntegerField(_("Revision"), default=1, editable=False)
    value = money(_("Contract value"), "currency", main_digits=20, default=0, blank=True, editable=False)
    one_off = total(_("One-off"))
    monthly = total(_("Monthly"))
    quarterly = total(_("Quarterly"))
    yearly = total(_("Yearly"))
    tax = total(_("Tax"))
    grand_total = total(_("Grand total"))

    class Meta(Record.Meta):
        verbose_name = _("Quote")
        verbose_name_plural = _("Quotes")
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity"], condition=Q(is_active=True), name="one_active_quote",
                violation_error_message=_("Another quote is already active."),
            )
        ]  # fmt: skip
        indexes = [
            models.Index(Fold("name"), "id", name="quote_name"),
            models.Index(F("updated_at").desc(), F("id").desc(), name="quote_updated"),
            GinIndex(OpClass(Fold("name"), "gin_trgm_ops"), name="quote_name_parts"),
            GinIndex(OpClass(Fold("number"), "gin_trgm_ops"), name="quote_number_parts"),
        ]

    def is_expired(self, today: dt.date) -> bool:
        """Return whether the quote has expired: its last day has passed, or it was marked as such."""
        last = self.valid_until or self.due
        return self.state == self.State.EXPIRED or (last is not None and last < today)
