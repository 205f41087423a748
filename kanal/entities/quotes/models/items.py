"""The rows of a quote."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import CurrencyColumn, MoneyColumn, PercentColumn
from kanal.core.models import Record
from kanal.entities.pricebooks.models import Recurrence


class QuoteItem(Record):
    """A row of a quote: a product, a bundle, a manual line, a rounding, or a section heading (QUOTE-3)."""

    class Kind(models.TextChoices):
        """The kind of a row."""

        PRODUCT = "product", _("Product")
        BUNDLE = "bundle", _("Bundle")
        HAND = "hand", _("By hand")
        ROUNDING = "rounding", _("Rounding")
        SECTION = "section", _("Section")

    class Rounds(models.TextChoices):
        """The total rounded by a rounding item."""

        GRAND_TOTAL = "grand_total", _("Grand total")
        NET_TOTAL = "net_total", _("Net total")

    quote = models.ForeignKey("quotes.Quote", on_delete=models.CASCADE, related_name="items", verbose_name=_("Quote"))
    position = models.PositiveIntegerField(_("Order"), default=0)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.HAND)
    product = models.ForeignKey(
        "pricebooks.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="quote_items",
        verbose_name=_("Product"),
    )  # fmt: skip
    bundle = models.ForeignKey(
        "pricebooks.Bundle", on_delete=models.PROTECT, null=True, blank=True, related_name="quote_items",
        verbose_name=_("Bundle"),
    )  # fmt: skip
    category = models.ForeignKey(
        "pricebooks.ProductCategory", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Product category"),
    )  # fmt: skip
    name = models.CharField(_("Name"), max_length=260, blank=True, default="")
    description = models.TextField(_("Description"), blank=True, default="")
    amount = models.DecimalField(_("Amount"), max_digits=14, decimal_places=4, default=1)
    unit = models.ForeignKey(
        "pricebooks.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Unit")
    )
    unit_price = MoneyColumn(_("Unit price"), currency="currency", default=0, blank=True)
    list_price = MoneyColumn(_("List price"), currency="currency", null=True, blank=True, editable=False)
    discount_percent = PercentColumn(_("Discount in percent"), minimum=-1000, null=True, blank=True)
    discount_amount = MoneyColumn(
        _("Discount"), currency="currency", null=True, blank=True,
        help_text=_("Applies to the whole line; a negative value is a surcharge."),
    )  # fmt: skip
    tax_percent = PercentColumn(_("Tax"), default=0)
    recurrence = models.CharField(
        _("Recurrence"), max_length=10, choices=Recurrence.choices, default=Recurrence.ONE_OFF
    )
    term_months = models.PositiveSmallIntegerField(
        _("Term in months"), null=True, blank=True, help_text=_("For recurring items; twelve months if empty.")
    )
    step = models.DecimalField(
        _("Rounded to"), max_digits=14, decimal_places=4, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    rounds = models.CharField(
        _("Rounds"), max_length=12, choices=Rounds.choices, default=Rounds.GRAND_TOTAL,
        help_text=_("For rounding items: the total to round."),
    )  # fmt: skip
    copied_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("Copied from"),
    )  # fmt: skip
    is_optional = models.BooleanField(_("Optional"), default=False)
    is_taken = models.BooleanField(
        _("Taken"), default=False, help_text=_("For optional items: the customer has chosen it.")
    )
    currency = CurrencyColumn(_("Currency"), editable=False)
    total = MoneyColumn(_("Total"), currency="currency", default=0, blank=True, editable=False)
    value = MoneyColumn(_("Value over the term"), currency="currency", default=0, blank=True, editable=False)
    price_origin = models.JSONField(_("Where the price came from"), default=dict, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("Quote item")
        verbose_name_plural = _("Quote items")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="an_item_is_not_less_than_nothing"),
            models.CheckConstraint(
                condition=Q(discount_percent__isnull=True) | Q(discount_amount__isnull=True),
                name="one_discount_at_a_time",
                violation_error_message=_("A discount is either a percentage or an amount, not both."),
            ),
            models.UniqueConstraint(
                fields=["quote"], condition=Q(kind="rounding"), name="one_rounding_in_a_quote",
                violation_error_message=_("The quote already has a rounding item."),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["quote", "position", "id"], name="quoteitem_order")]

    @property
    def counts(self) -> bool:
        """Return whether the row is included in the totals. An optional one is only if it's selected."""
        return self.kind != self.Kind.SECTION and (self.is_taken or not self.is_optional)
