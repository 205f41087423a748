"""Personal contacts, their types and channels."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import CountryColumn, PhoneColumn
from kanal.core.models import Choice, OwnedRecord, Record
from kanal.core.query.expressions import Fold


class ContactType(Choice, Record):
    """The role of a person: employee of an account, consultant of a partner (CONT-2)."""

    class Meta(Choice.Meta):
        verbose_name = _("Personal contact type")
        verbose_name_plural = _("Personal contact types")
        constraints = [models.UniqueConstraint(fields=["key"], name="contact_type_key_once")]


class Contact(OwnedRecord):
    """A person at an account, a partner, or both (CONT-3)."""

    title = models.CharField(_("Title"), max_length=40, blank=True, default="")
    first_name = models.CharField(_("First name"), max_length=80, blank=True, default="")
    last_name = models.CharField(_("Last name"), max_length=80)
    name = models.CharField(_("Name"), max_length=170, default="", editable=False)
    type = models.ForeignKey(
        ContactType, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts",
        verbose_name=_("Personal contact type"),
    )  # fmt: skip
    job_title = models.CharField(_("Job title"), max_length=120, blank=True, default="")
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="contacts",
        verbose_name=_("Account"),
    )  # fmt: skip
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="contacts",
        verbose_name=_("Partner"),
    )  # fmt: skip
    projects = models.ManyToManyField(
        "projects.Project", blank=True, related_name="contacts", verbose_name=_("Projects")
    )  # fmt: skip
    private_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    email = models.EmailField(_("E-mail"), blank=True, default="")
    phone = PhoneColumn(_("Phone"), blank=True, default="")
    mobile = PhoneColumn(_("Mobile"), blank=True, default="")
    street = models.CharField(_("Street"), max_length=200, blank=True, default="")
    city = models.CharField(_("City"), max_length=120, blank=True, default="")
    postcode = models.CharField(_("Postcode"), max_length=20, blank=True, default="")
    region = models.CharField(_("Region"), max_length=120, blank=True, default="")
    country = CountryColumn(_("Country"), blank=True, default="")
    language = models.CharField(_("Language"), max_length=8, choices=settings.LANGUAGES, blank=True, default="")
    birthday = models.DateField(_("Birthday"), null=True, blank=True)
    description = models.TextField(_("Description"), blank=True, default="")
    anonymized_at = models.DateTimeField(_("Anonymized"), null=True, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("Personal contact")
        verbose_name_plural = _("Personal contacts")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(account__isnull=False) | models.Q(partner__isnull=False),
                name="a_contact_belongs_to_an_account_or_a_partner",
                violation_error_message=_("A personal contact belongs to an account or to a partner."),
            )
        ]
        indexes = [
            *OwnedRecord.Meta.indexes,
            models.Index(Fold("name"), "id", name="contact_name", include=["name", "private_to", "owner_ids"]),
            models.Index(Fold("email"), "id", name="contact_email"),
            models.Index(fields=["-updated_at", "-id"], name="contact_updated"),
            models.Index(fields=["account", "-updated_at", "-id"], name="contact_account"),
            models.Index(fields=["partner", "-updated_at", "-id"], name="contact_partner"),
            models.Index(fields=["phone"], name="contact_phone", condition=~models.Q(phone="")),
            models.Index(fields=["mobile"], name="contact_mobile", condition=~models.Q(mobile="")),
            GinIndex(
                OpClass(Fold("name"), "gin_trgm_ops"), OpClass(Fold("email"), "gin_trgm_ops"), name="contact_trigrams"
            ),
            GinIndex(
                OpClass(Fold("phone"), "gin_trgm_ops"), OpClass(Fold("mobile"), "gin_trgm_ops"), name="contact_phones"
            ),
        ]


class Channel(Record):
    """An additional way to reach a person (CONT-1)."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="channels", verbose_name=_("Personal contact")
    )
    kind = models.ForeignKey(
        "core.Category", on_delete=models.PROTECT, related_name="+", limit_choices_to={"group": "channel_kind"},
        verbose_name=_("Kind"),
    )  # fmt: skip
    value = models.CharField(_("Address or number"), max_length=200)
    is_preferred = models.BooleanField(_("Preferred"), default=False)

    class Meta(Record.Meta):
        verbose_name = _("Channel")
        verbose_name_plural = _("Channels")
        ordering = ["contact", "-is_preferred", "id"]
        indexes = [models.Index(Fold("value"), "id", name="channel_value")]
