"""Partners."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import CountryColumn, PhoneColumn
from kanal.core.models import OwnedRecord
from kanal.core.query.expressions import Fold


class Partner(OwnedRecord):
    """A company that sells with us."""

    class Status(models.TextChoices):
        """The state of the partnership."""

        CANDIDATE = "candidate", _("Candidate")
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        ENDED = "ended", _("Ended")

    STATUS_COLOURS = {"candidate": "blue", "active": "green", "paused": "orange"}

    name = models.CharField(_("Name"), max_length=200)
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.ACTIVE)
    tier = models.ForeignKey(
        "core.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        limit_choices_to={"group": "partner_tier"}, verbose_name=_("Tier"),
    )  # fmt: skip
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="managed_partners",
        verbose_name=_("Manager"),
    )  # fmt: skip
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="subpartners",
        verbose_name=_("Parent partner"), help_text=_("The distributor through which this partner buys."),
    )  # fmt: skip
    projects = models.ManyToManyField(
        "projects.Project", blank=True, related_name="partners", verbose_name=_("Projects")
    )  # fmt: skip
    email = models.EmailField(_("E-mail"), blank=True, default="")
    phone = PhoneColumn(_("Phone"), blank=True, default="")
    website = models.URLField(_("Website"), blank=True, default="")
    street = models.CharField(_("Street"), max_length=200, blank=True, default="")
    city = models.CharField(_("City"), max_length=120, blank=True, default="")
    postcode = models.CharField(_("Postcode"), max_length=20, blank=True, default="")
    region = models.CharField(_("Region"), max_length=120, blank=True, default="")
    country = CountryColumn(_("Country"), blank=True, default="")
    registration_number = models.CharField(_("Registration number"), max_length=40, blank=True, default="")
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True, default="")
    description = models.TextField(_("Description"), blank=True, default="")

    class Meta(OwnedRecord.Meta):
        verbose_name = _("Partner")
        verbose_name_plural = _("Partners")
        ordering = ["name", "id"]
        indexes = [
            *OwnedRecord.Meta.indexes,
            models.Index(Fold("name"), "id", name="partner_name"),
            models.Index(fields=["-updated_at", "-id"], name="partner_updated"),
            models.Index(fields=["status", "-updated_at", "-id"], name="partner_status"),
            GinIndex(
                OpClass(Fold("name"), "gin_trgm_ops"), OpClass(Fold("email"), "gin_trgm_ops"),
                OpClass(Fold("city"), "gin_trgm_ops"), name="partner_trigrams",
            ),
        ]  # fmt: skip
