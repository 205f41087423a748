"""Attributes of products and prices: brands, versions, categories (contract types), units, tax rates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import PercentColumn
from kanal.core.models import Choice, Record


class Brand(Record):
    """A brand, which has its own prices."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("Brand")
        verbose_name_plural = _("Brands")
        ordering = ["name", "id"]


class ProductVersion(Record):
    """A version of the products, chosen for a quote."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    position = models.PositiveIntegerField(_("Order"), default=0)
    is_active = models.BooleanField(_("Active"), default=True)

    class Meta(Record.Meta):
        verbose_name = _("Product version")
        verbose_name_plural = _("Product versions")
        ordering = ["position", "name", "id"]


class KeptChoice(Choice, Record):
    """Base class for choices edited as records."""

    class Meta(Choice.Meta):
        abstract = True
        constraints = [models.UniqueConstraint(fields=["key"], name="%(class)s_key_once")]


class ProductCategory(KeptChoice):
    """A category of products, each of which is a contract type (PB-6)."""

    class Delivery(models.TextChoices):
        """The kind of delivery that a sold item starts, if any."""

        NONE = "none", _("No delivery")
        TASK = "task", _("A task")
        WEBHOOK = "webhook", _("A webhook")

    contract_type = models.CharField(
        _("Name of its contracts"), max_length=120, help_text=_("For example Software contracts; shown in the sidebar.")
    )
    is_time_based = models.BooleanField(
        _("Time-based"), default=False, help_text=_("Contracts of this type run for a term; others are delivered once.")
    )
    default_length_months = models.PositiveSmallIntegerField(_("Default length in months"), default=12)
    delivery = models.CharField(_("Delivery"), max_length=10, choices=Delivery.choices, default=Delivery.NONE)

    class Meta(KeptChoice.Meta):
        verbose_name = _("Product category")
        verbose_name_plural = _("Product categories")


class Unit(KeptChoice):
    """A sales unit: license, hour, month."""

    class Meta(KeptChoice.Meta):
        verbose_name = _("Unit")
        verbose_name_plural = _("Units")


class TaxRate(KeptChoice):
    """A VAT rate."""

    percent = PercentColumn(_("Percent"), default=0)

    class Meta(KeptChoice.Meta):
        verbose_name = _("Tax rate")
        verbose_name_plural = _("Tax rates")
