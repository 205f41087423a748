"""Accounts, their types, groups and relations."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import CountryColumn, PhoneColumn
from kanal.core.models import Choice, OwnedRecord, Record
from kanal.core.query.expressions import Fold


class AccountType(Choice, Record):
    """The kind of customer an account is, which determines its name fields (ACCT-1)."""

    has_personal_name = models.BooleanField(_("Has first and last name"), default=False)
    has_organization = models.BooleanField(_("Has the name of an organization"), default=True)

    class Meta(Choice.Meta):
        verbose_name = _("Account type")
        verbose_name_plural = _("Account types")
        constraints = [
            models.UniqueConstraint(fields=["key"], name="account_type_key_once"),
            models.CheckConstraint(
                condition=models.Q(has_personal_name=True) | models.Q(has_organization=True),
                name="an_account_type_has_a_name_field",
                violation_error_message=_("An account type needs at least one of the name fields."),
            ),
        ]


class AccountGroup(Record):
    """A group of accounts."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    description = models.TextField(_("Description"), blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("Account group")
        verbose_name_plural = _("Account groups")
        ordering = ["name", "id"]
        indexes = [
            models.Index(Fold("name"), "id", name="account_group_name"),
            models.Index(fields=["-updated_at", "-id"], name="account_group_updated"),
        ]


class Account(OwnedRecord):
    """A customer: a person or an organization."""

    type = models.ForeignKey(AccountType, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("Type"))
    organization = models.CharField(_("Organization"), max_length=200, blank=True, default="")
    first_name = models.CharField(_("First name"), max_length=80, blank=True, default="")
    last_name = models.CharField(_("Last name"), max_length=80, blank=True, default="")
    name = models.CharField(_("Name"), max_length=200, default="", editable=False)
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
    registration_key = models.CharField(max_length=40, default="", db_default="", editable=False)
    vat_key = models.CharField(max_length=40, default="", db_default="", editable=False)
    account_manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("Account manager"),
    )  # fmt: skip
    industry = models.ForeignKey(
        "core.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        limit_choices_to={"group": "industry"}, verbose_name=_("Industry"),
    )  # fmt: skip
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="subaccounts",
        verbose_name=_("Parent account"),
    )  # fmt: skip
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="accounts",
        verbose_name=_("Partner"),
    )  # fmt: skip
    groups = models.ManyToManyField(
        AccountGroup, blank=True, related_name="accounts", verbose_name=_("Account groups")
    )  # fmt: skip
    projects = models.ManyToManyField(
        "projects.Project", blank=True, related_name="accounts", verbose_name=_("Projects")
    )  # fmt: skip
    favourite_of = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="accounts.Favourite", blank=True, editable=False, related_name="+",
        verbose_name=_("Favourite of"),
    )  # fmt: skip
    key_account = models.BooleanField(_("Key account"), default=False)
    is_global = models.BooleanField(
        _("Is global?"), default=False, help_text=_("Visible to every colleague who can view accounts.")
    )
    is_private = models.BooleanField(
        _("Private account"), default=False, help_text=_("Visible to you alone, not even to administrators.")
    )
    private_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("Visible only to"),
    )  # fmt: skip
    is_archived = models.BooleanField(_("Archived"), default=False, editable=False)
    comment = models.TextField(_("Comment"), blank=True, default="")

    class Meta(OwnedRecord.Meta):
        verbose_name = _("Account")
        verbose_name_plural = _("Accounts")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_private=True, private_to__isnull=False)
                | models.Q(is_private=False, private_to__isnull=True),
                name="a_private_account_belongs_to_somebody",
            )
        ]
        indexes = [
            *OwnedRecord.Meta.indexes,
            models.Index(
                Fold("name"), "id", name="account_name",
                include=["name", "is_archived", "is_global", "private_to", "owner_ids"],
            ),
            models.Index(Fold("city"), "id", name="account_city"),
            models.Index(Fold("email"), "id", name="account_email"),
            models.Index(fields=["-updated_at", "-id"], name="account_updated"),
            models.Index(fields=["id"], name="account_global", condition=models.Q(is_global=True)),
            models.Index(fields=["account_manager", "-updated_at", "-id"], name="account_manager"),
            models.Index(fields=["partner", "-updated_at", "-id"], name="account_partner"),
            models.Index(fields=["phone"], name="account_phone", condition=~models.Q(phone="")),
            models.Index(
                fields=["registration_number"], name="account_registration", condition=~models.Q(registration_number="")
            ),
            models.Index(fields=["vat_number"], name="account_vat", condition=~models.Q(vat_number="")),
            models.Index(
                fields=["registration_key"], name="account_registration_key", condition=~models.Q(registration_key="")
            ),
            models.Index(fields=["vat_key"], name="account_vat_key", condition=~models.Q(vat_key="")),
            GinIndex(
                OpClass(Fold("name"), "gin_trgm_ops"), OpClass(Fold("email"), "gin_trgm_ops"),
                OpClass(Fold("city"), "gin_trgm_ops"), name="account_trigrams",
            ),
            GinIndex(OpClass(Fold("phone"), "gin_trgm_ops"), name="account_phones"),
        ]  # fmt: skip


class Favourite(models.Model):
    """An account in a user's favorites ("Add to my accounts"). Not a change to the account itself."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "account"], name="favourite_account_once")]


class AccountRelation(Record):
    """The relation of an account to another: supplier, competitor, same group."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="relations", verbose_name=_("Account")
    )  # fmt: skip
    related_account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="relations_to", verbose_name=_("Related account")
    )
    relation_kind = models.ForeignKey(
        "core.Category", on_delete=models.PROTECT, related_name="+", limit_choices_to={"group": "relation_kind"},
        verbose_name=_("Relation"),
    )  # fmt: skip
    description = models.CharField(_("Description"), max_length=200, blank=True, default="")

    class Meta(Record.Meta):
        verbose_name = _("Related account")
        verbose_name_plural = _("Related accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "related_account", "relation_kind"], name="accounts_related_once",
                violation_error_message=_("These accounts are already connected in this way."),
            ),
            models.CheckConstraint(
                condition=~models.Q(account=models.F("related_account")), name="no_account_is_related_to_itself",
                violation_error_message=_("An account can't be connected to itself."),
            ),
        ]  # fmt: skip
