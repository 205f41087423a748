"""A harbour and a ship."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models

from kanal.core.fields.columns import (
    ColourColumn,
    CountryColumn,
    CurrencyColumn,
    MoneyColumn,
    PercentColumn,
    PhoneColumn,
)
from kanal.core.models import Category, OwnedRecord, Record


class Harbour(Record):
    """What ships lie in."""

    name = models.CharField("Name", max_length=80, unique=True)
    country = CountryColumn("Country", blank=True, default="")
    depth = models.DecimalField("Depth", max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = "Harbour"
        verbose_name_plural = "Harbours"


class Ship(OwnedRecord):
    """A record with a column of every kind."""

    class Rig(models.TextChoices):
        """Fixed choices."""

        SLOOP = "sloop", "Sloop"
        KETCH = "ketch", "Ketch"

    name = models.CharField("Name", max_length=80)
    project = models.ForeignKey("projects.Project", models.PROTECT, null=True, blank=True, verbose_name="Project")
    partner = models.ForeignKey("partners.Partner", models.PROTECT, null=True, blank=True, verbose_name="Partner")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Assignee"
    )
    private_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Private to"
    )
    harbour = models.ForeignKey(Harbour, models.PROTECT, null=True, blank=True, verbose_name="Harbour")
    crew = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name="Crew")
    rig = models.CharField("Rig", max_length=10, choices=Rig.choices, blank=True, default="")
    flags = ArrayField(
        models.CharField(max_length=10, choices=Rig.choices), verbose_name="Flags", default=list, blank=True
    )
    trade = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, limit_choices_to={"group": "trade"}, verbose_name="Trade"
    )
    price = MoneyColumn("Price", null=True, blank=True, currency="currency", converted="price_main")
    currency = CurrencyColumn("Currency", default="EUR")
    price_main = models.DecimalField(max_digits=18, decimal_places=4, null=True, editable=False)
    masts = models.PositiveSmallIntegerField("Masts", null=True, blank=True, validators=[MinValueValidator(1)])
    length = models.DecimalField("Length", max_digits=8, decimal_places=2, null=True, blank=True)
    share = PercentColumn("Share", null=True, blank=True)
    launched = models.DateField("Launched", null=True, blank=True)
    sails_at = models.DateTimeField("Sails at", null=True, blank=True)
    afloat = models.BooleanField("Afloat", default=True)
    log = models.TextField("Log", blank=True, default="")
    email = models.EmailField("E-mail", blank=True, default="")
    phone = PhoneColumn("Phone", blank=True, default="")
    website = models.URLField("Website", blank=True, default="")
    colour = ColourColumn("Colour", blank=True, default="")

    class Meta(OwnedRecord.Meta):
        verbose_name = "Ship"
        verbose_name_plural = "Ships"
