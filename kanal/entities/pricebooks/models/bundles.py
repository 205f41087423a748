"""Bundles: products sold together at one price, which is divided by weight (PB-7)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kanal.core.models import Record
from kanal.core.query.expressions import Fold


class Bundle(Record):
    """Products sold together, in one price book. The price is its own, else the sum of its products' prices."""

    name = models.CharField(_("Name"), max_length=200)
    code = models.CharField(_("Code"), max_length=60, blank=True, default="")
    description = models.TextField(_("Description"), blank=True, default="")
    is_active = models.BooleanField(_("Active"), default=True)
    price_book = models.ForeignKey(
        "pricebooks.PriceBook", on_delete=models.PROTECT, related_name="bundles", verbose_name=_("Price book")
    )
    default_unit = models.ForeignKey(
        "pricebooks.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Default unit"),
    )
    tax_rate = models.ForeignKey(
        "pricebooks.TaxRate", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Tax rate"),
    )  # fmt: skip
    own_price = models.BooleanField(
        _("Has its own prices"), default=True, help_text=_("Otherwise the bundle costs the sum of its products.")
    )

    class Meta(Record.Meta):
        verbose_name = _("Bundle")
        verbose_name_plural = _("Bundles")
        constraints = [
            models.UniqueConstraint(
                fields=["price_book", "code"], condition=~Q(code=""), name="bundle_code_once_in_its_book",
                violation_error_message=_("Another bundle in this price book already has this code."),
            )
        ]  # fmt: skip
        indexes = [
            models.Index(Fold("name"), "id", name="bundle_name"),
            models.Index(F("updated_at").desc(), F("id").desc(), name="bundle_updated"),
        ]


class BundleItem(Record):
    """A product of a bundle, with amount and weight."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="items", verbose_name=_("Bundle"))
    product = models.ForeignKey(
        "pricebooks.Product", on_delete=models.PROTECT, related_name="bundle_items", verbose_name=_("Product")
    )
    label = models.CharField(_("Name"), max_length=260, editable=False, default="")
    amount = models.DecimalField(
        _("Amount"), max_digits=14, decimal_places=4, default=1, validators=[MinValueValidator(0)]
    )
    weight = models.DecimalField(
        _("Weight"), max_digits=9, decimal_places=3, default=1, validators=[MinValueValidator(0)],
        help_text=_("Weights share the bundle's price among its products: 50 and 50, or 2 and 1."),
    )  # fmt: skip
    position = models.PositiveIntegerField(_("Order"), default=0)

    class Meta(Record.Meta):
        verbose_name = _("Product of a bundle")
        verbose_name_plural = _("Products of bundles")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bundle", "product"], name="a_product_once_in_a_bundle",
                violation_error_message=_("The product is already in this bundle."),
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_bundle_holds_some_of_a_product"),
            models.CheckConstraint(condition=Q(weight__gte=0), name="a_weight_is_not_negative"),
        ]  # fmt: skip
