"""Currencies in use and their exchange rates by day (QUOTE-6)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Currency(models.Model):
    """A currency of the installation. Exactly one is the main currency."""

    code = models.CharField(_("Code"), max_length=3, unique=True)
    in_use = models.BooleanField(_("In use"), default=True)
    is_main = models.BooleanField(_("Main currency"), default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["is_main"], condition=models.Q(is_main=True), name="one_main_currency")
        ]

    def __str__(self) -> str:
        return self.code


class ExchangeRate(models.Model):
    """The value of one unit of a currency in the main currency from a day on."""

    currency = models.ForeignKey(Currency, on_delete=models.CASCADE, related_name="rates")
    day = models.DateField(_("Day"))
    rate = models.DecimalField(_("Rate"), max_digits=18, decimal_places=8)

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "day"], name="one_rate_per_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_is_positive"),
        ]
