"""A harbour and a ship."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import (
    ColourColumn,
    CountryColumn,
    CurrencyColumn,
    PercentColumn,
    PhoneColumn,
    money,
)
from kanal.core.models import Category, OwnedRecord, Record


class Harbour(Record):
    """What ships lie in."""

    name = models.CharField(_("Name"), max_length=80, unique=True)
    country = CountryColumn(_("Country"), blank=True, default="")
    depth = models.DecimalField(_("Depth"), max_digits=8, decimal_places=2, null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("Harbour")
        verbose_name_plural = _("Harbours")


class Ship(OwnedRecord):
    """A record with a column of every kind."""

    class Rig(models.TextChoices):
        """Fixed choices."""

        SLOOP = "sloop", _("Sloop")
        KETCH = "ketch", _("Ketch")

    name = models.CharField(_("Name"), max_length=80)
    project = models.ForeignKey("projects.Project", models.PROTECT, null=True, blank=True, verbose_name=_("Project"))
    partner = models.ForeignKey("partners.Partner", models.PROTECT, null=True, blank=True, verbose_name=_("Partner"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Assignee")
    )
    private_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Private to")
    )
    harbour = models.ForeignKey(Harbour, models.PROTECT, null=True, blank=True, verbose_name=_("Harbour"))
    crew = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("Crew"))
    rig = models.CharField(_("Rig"), max_length=10, choices=Rig.choices, blank=True, default="")
    flags = ArrayField(
        models.CharField(max_length=10, choices=Rig.choices), verbose_name=_("Flags"), default=list, blank=True
    )
    trade = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, limit_choices_to={"group": "trade"}, verbose_name=_("Trade")
    )
    price = money(_("Price"), CurrencyColumn(_("Currency"), default="EUR"), null=True, blank=True)
    masts = models.PositiveSmallIntegerField(_("Masts"), null=True, blank=True, validators=[MinValueValidator(1)])
    length = models.DecimalField(_("Length"), max_digits=8, decimal_places=2, null=True, blank=True)
    share = PercentColumn(_("Share"), null=True, blank=True)
    launched = models.DateField(_("Launched"), null=True, blank=True)
    sails_at = models.DateTimeField(_("Sails at"), null=True, blank=True)
    afloat = models.BooleanField(_("Afloat"), default=True)
    log = models.TextField(_("Log"), blank=True, default="")
    email = models.EmailField(_("E-mail"), blank=True, default="")
    phone = PhoneColumn(_("Phone"), blank=True, default="")
    website = models.URLField(_("Website"), blank=True, default="")
    colour = ColourColumn(_("Colour"), blank=True, default="")

    class Meta(OwnedRecord.Meta):
        verbose_name = _("Ship")
        verbose_name_plural = _("Ships")
