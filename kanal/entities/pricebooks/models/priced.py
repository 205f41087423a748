"""Price books, products, and the prices of products and bundles in a book."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import CurrencyColumn, MoneyColumn, PercentColumn
from kanal.core.models import Record
from kanal.core.query.expressions import Fold


class Recurrence(models.TextChoices):
    """The recurrence of a price."""

    ONE_OFF = "one_off", _("One-off")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    YEARLY = "yearly", _("Yearly")


class Days(Func):
    """The days from one date to another, inclusive, as a range. A missing date is open."""

    function = "daterange"


class PriceBook(Record):
    """A price book for quotes in its projects (PB-2)."""

    name = models.CharField(_("Name"), max_length=160)
    description = models.TextField(_("Description"), blank=True, default="")
    brands = models.ManyToManyField("pricebooks.Brand", blank=True, related_name="+", verbose_name=_("Brands"))
    product_versions = models.ManyToManyField(
        "pricebooks.ProductVersion", blank=True, related_name="+", verbose_name=_("Product versions")
    )
    projects = models.ManyToManyField(
        "projects.Project", blank=True, related_name="+", verbose_name=_("Projects"),
        help_text=_("The projects that can quote from this book."),
    )  # fmt: skip
    is_active = models.BooleanField(_("Active"), default=True)
    is_update = models.BooleanField(
        _("Update"), default=False, help_text=_("Select only for a new version of an earlier book.")
    )
    update_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="updates", verbose_name=_("Update of")
    )
    open_to_partners = models.BooleanField(_("Open to partners"), default=False)
    required_quote_fields = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("Required quote fields"),
        help_text=_("Keys of the quotes' custom fields that are required to quote from this book."),
    )  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("Price book")
        verbose_name_plural = _("Price books")
        indexes = [
            models.Index(Fold("name"), "id", name="pricebook_name"),
            models.Index(F("updated_at").desc(), F("id").desc(), name="pricebook_updated"),
        ]


class Product(Record):
    """A product for sale (PB-4)."""

    name = models.CharField(_("Name"), max_length=200)
    code = models.CharField(_("Code"), max_length=60, unique=True)
    description = models.TextField(_("Description"), blank=True, default="")
    is_active = models.BooleanField(_("Active"), default=True)
    category = models.ForeignKey(
        "pricebooks.ProductCategory", on_delete=models.PROTECT, related_name="+", verbose_name=_("Category")
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
    cost = MoneyColumn(_("Cost"), currency="cost_currency", null=True, blank=True)
    cost_currency = CurrencyColumn(_("Currency of the cost"), blank=True, default="")
    minimum_margin = PercentColumn(_("Minimum margin"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Successor")
    )

    class Meta(Record.Meta):
        verbose_name = _("Product")
        verbose_name_plural = _("Products")
        indexes = [
            models.Index(Fold("name"), "id", name="product_name"),
            models.Index(F("updated_at").desc(), F("id").desc(), name="product_updated"),
            GinIndex(OpClass(Fold("name"), "gin_trgm_ops"), name="product_name_parts"),
        ]


class Price(Record):
    """The price for an amount of a product or bundle in a book, for a brand, a version and a period (PB-5)."""

    label = models.CharField(_("Price"), max_length=260, editable=False, default="")
    price_book = models.ForeignKey(
        PriceBook, on_delete=models.CASCADE, related_name="prices", verbose_name=_("Price book")
    )
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, blank=True, related_name="prices", verbose_name=_("Product")
    )
    bundle = models.ForeignKey(
        "pricebooks.Bundle", on_delete=models.CASCADE, null=True, blank=True, related_name="prices",
        verbose_name=_("Bundle"),
    )  # fmt: skip
    amount = models.DecimalField(
        _("Amount"), max_digits=14, decimal_places=4, default=1, validators=[MinValueValidator(0)],
        help_text=_("Minimum quantity for this price."),
    )  # fmt: skip
    unit = models.ForeignKey(
        "pricebooks.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Unit")
    )
    price = MoneyColumn(_("Price"), currency="currency", validators=[MinValueValidator(0)])
    currency = CurrencyColumn(_("Currency"))
    brand = models.ForeignKey(
        "pricebooks.Brand", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Brand"),
        help_text=_("Leave empty to apply the price to all brands."),
    )  # fmt: skip
    product_version = models.ForeignKey(
        "pricebooks.ProductVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Product version"), help_text=_("Leave empty to apply the price to all versions."),
    )  # fmt: skip
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_to = models.DateField(_("Valid to"), null=True, blank=True)
    recurrence = models.CharField(
        _("Recurrence"), max_length=10, choices=Recurrence.choices, default=Recurrence.ONE_OFF
    )

    class Meta(Record.Meta):
        verbose_name = _("Price")
        verbose_name_plural = _("Prices")
        ordering = ["amount", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(product__isnull=False, bundle__isnull=True) | Q(product__isnull=True, bundle__isnull=False),
                name="a_price_is_of_a_product_or_a_bundle",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_price_is_for_some_units"),
            models.CheckConstraint(condition=Q(price__gte=0), name="a_price_is_not_negative"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="a_price_ends_after_it_begins",
                violation_error_message=_("The price can't end before it begins."),
            ),
            ExclusionConstraint(
                name="one_price_at_a_time",
                expressions=[
                    ("price_book", RangeOperators.EQUAL),
                    *((Coalesce(F(name), Value(0)), RangeOperators.EQUAL) for name in
                      ("product", "bundle", "unit", "brand", "product_version")),
                    ("amount", RangeOperators.EQUAL),
                    ("currency", RangeOperators.EQUAL),
                    ("recurrence", RangeOperators.EQUAL),
                    (Days(F("valid_from"), F("valid_to"), Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another price already covers the same item and period."),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["price_book", "product", "currency"], name="price_of_product"),
            models.Index(fields=["price_book", "bundle", "currency"], name="price_of_bundle"),
            models.Index(F("updated_at").desc(), F("id").desc(), name="price_updated"),
        ]

    def thing(self) -> Any:
        """Return the product or bundle of this price."""
        return self.product if self.product_id else self.bundle
