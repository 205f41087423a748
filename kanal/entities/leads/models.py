"""Leads and their statuses. Rules are in rules.py, writes in actions.py."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kanal.core import currencies
from kanal.core.fields.code_tables import CodeTable
from kanal.core.fields.columns import (
    ColourColumn,
    CountryColumn,
    CurrencyColumn,
    DerivedForeignKey,
    PhoneColumn,
    money,
)
from kanal.core.fields.field import Option
from kanal.core.models import Choice, OwnedRecord
from kanal.core.query.expressions import Fold


class Stage(models.TextChoices):
    """The meaning of a status (LEAD-2)."""

    NEW = "new", _("New")
    TOUCHED = "touched", _("Touched")
    QUALIFIED = "qualified", _("Qualified")
    DISQUALIFIED = "disqualified", _("Disqualified")


OPEN = (Stage.NEW, Stage.TOUCHED)


class Channel(models.TextChoices):
    """The channel through which a lead arrived."""

    INBOUND = "inbound", _("Inbound")
    CALL = "call", _("Call")
    WEB_FORM = "web_form", _("Web form")
    EVENT = "event", _("Event")
    PARTNER = "partner", _("Partner")
    IMPORT = "import", _("Import")
    API = "api", _("API")


class LeadStatus(Choice):
    """A status of leads, with a kind that defines its meaning."""

    kind = models.CharField(_("Kind"), max_length=12, choices=Stage.choices, default=Stage.NEW)

    class Meta(Choice.Meta):
        verbose_name = _("Lead status")
        verbose_name_plural = _("Lead statuses")
        constraints = [models.UniqueConstraint(fields=["key"], name="lead_status_key_once")]

    @classmethod
    def kind_of(cls, pk: int) -> str:
        """Return the kind of the status with this id."""
        return next(row.kind for row in cls.rows() if row.pk == pk)

    @classmethod
    def of_kind(cls, kind: str) -> "LeadStatus | None":
        """Return the first active status of a kind, or None."""
        return next((row for row in cls.rows() if row.kind == kind and row.is_active), None)

    @classmethod
    def default(cls, group: str = "") -> "LeadStatus | None":
        """Return the initial status of a lead. It's an open one, regardless of the marked default."""
        rows = [row for row in cls.rows() if row.is_active and row.kind in OPEN]
        return next((row for row in rows if row.is_default), rows[0] if rows else None)


def options_of_kinds(*kinds: str) -> tuple[Option, ...]:
    """Return the active statuses of these kinds as options."""
    keys = {row.key for row in LeadStatus.rows() if row.kind in kinds and row.is_active}
    return tuple(option for option in LeadStatus.options() if option.key in keys)


class Working(CodeTable):
    """The statuses in which a lead is worked on."""

    @classmethod
    def options(cls, group: str = "") -> tuple[Option, ...]:
        """List the active ones."""
        return options_of_kinds(*OPEN)


class Disqualifying(CodeTable):
    """The statuses of disqualified leads."""

    @classmethod
    def options(cls, group: str = "") -> tuple[Option, ...]:
        """List the active ones."""
        return options_of_kinds(Stage.DISQUALIFIED)


class Leads(models.QuerySet):
    """Leads with domain-specific filters."""

    def open(self) -> "Leads":
        """Return leads that are neither qualified, disqualified nor archived."""
        return self.filter(stage__in=OPEN, is_archived=False)

    def in_pool(self) -> "Leads":
        """Return the free pool: open, unassigned, and not waiting for the splitter (LEAD-4)."""
        return self.open().filter(assignee=None, partner=None, awaits_split=False)


class Person(models.Model):
    """The person of a lead, with company and address."""

    first_name = models.CharField(_("First name"), max_length=80, blank=True, default="")
    last_name = models.CharField(_("Last name"), max_length=80, blank=True, default="")
    job_title = models.CharField(_("Job title"), max_length=120, blank=True, default="")
    company = models.CharField(_("Company"), max_length=200, blank=True, default="")
    email = models.EmailField(_("E-mail"), blank=True, default="")
    phone = PhoneColumn(_("Phone"), blank=True, default="")
    website = models.URLField(_("Website"), max_length=300, blank=True, default="")
    street = models.CharField(_("Street"), max_length=200, blank=True, default="")
    city = models.CharField(_("City"), max_length=120, blank=True, default="")
    postcode = models.CharField(_("Postcode"), max_length=20, blank=True, default="")
    region = models.CharField(_("Region"), max_length=120, blank=True, default="")
    country = CountryColumn(_("Country"), blank=True, default="")
    registration_number = models.CharField(_("Registration number"), max_length=40, blank=True, default="")
    vat_number = models.CharField(_("VAT number"), max_length=40, blank=True, default="")
    industry = models.ForeignKey(
        "core.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        limit_choices_to={"group": "industry"}, verbose_name=_("Industry"),
    )  # fmt: skip

    class Meta:
        abstract = True


class Origin(models.Model):
    """The origin of a lead, and the person's consent."""

    source = models.ForeignKey(
        "core.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        limit_choices_to={"group": "lead_source"}, verbose_name=_("Source"),
    )  # fmt: skip
    channel = models.CharField(_("Channel"), max_length=12, choices=Channel.choices, blank=True, default="")
    campaign = models.ForeignKey(
        "campaigns.Campaign", on_delete=models.PROTECT, null=True, blank=True, related_name="leads",
        verbose_name=_("Campaign"),
    )  # fmt: skip
    utm_source = models.CharField(_("UTM source"), max_length=200, blank=True, default="")
    utm_medium = models.CharField(_("UTM medium"), max_length=200, blank=True, default="")
    utm_campaign = models.CharField(_("UTM campaign"), max_length=200, blank=True, default="")
    utm_term = models.CharField(_("UTM term"), max_length=200, blank=True, default="")
    utm_content = models.CharField(_("UTM content"), max_length=200, blank=True, default="")
    consent_at = models.DateTimeField(_("Consented"), null=True, blank=True)
    consent = models.TextField(_("Text of the consent"), blank=True, default="")
    received_at = models.DateTimeField(_("Received"), db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Lead(Person, Origin, OwnedRecord):
    """A potential customer, open until qualified or disqualified."""

    subject = models.CharField(_("Subject"), max_length=200, blank=True, default="")
    name = models.CharField(_("Name"), max_length=200, editable=False, default="")
    status = models.ForeignKey(
        LeadStatus, on_delete=models.PROTECT, related_name="+", blank=True, verbose_name=_("Status")
    )
    stage = models.CharField(_("Stage"), max_length=12, choices=Stage.choices, default=Stage.NEW, editable=False)
    priority = models.PositiveSmallIntegerField(
        _("Priority"), default=50, blank=True, validators=[MaxValueValidator(100)],
        help_text=_("0 to 100; leads with a high priority come first."),
    )  # fmt: skip
    colour = ColourColumn(_("Colour"), blank=True, default="")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="leads",
        verbose_name=_("Assignee"),
    )  # fmt: skip
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="leads",
        verbose_name=_("Partner"),
    )  # fmt: skip
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="leads",
        verbose_name=_("Account"),
    )  # fmt: skip
    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="leads",
        verbose_name=_("Personal contact"),
    )  # fmt: skip
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="leads", verbose_name=_("Project")
    )
    description = models.TextField(_("Description"), blank=True, default="")
    value = money(
        _("Estimated value"), CurrencyColumn(_("Currency"), default=currencies.main, blank=True), null=True, blank=True
    )
    disqualification_reason = models.TextField(_("Disqualification reason"), blank=True, default="", editable=False)
    is_archived = models.BooleanField(_("Archived"), default=False, editable=False)
    next_activity = DerivedForeignKey("activities.Activity", _("Next activity"))
    assigned_at = models.DateTimeField(_("Assigned"), null=True, editable=False)
    touched_at = models.DateTimeField(_("First touch"), null=True, editable=False)
    qualified_at = models.DateTimeField(_("Qualified"), null=True, editable=False)
    split_at = models.DateTimeField(_("Assigned by rule"), null=True, editable=False)
    awaits_split = models.BooleanField(_("Waiting for assignment"), default=False, editable=False)
    pool_left_at = models.DateTimeField(null=True, editable=False)
    anonymized_at = models.DateTimeField(_("Anonymized"), null=True, editable=False)

    objects = Leads.as_manager()

    class Meta(OwnedRecord.Meta):
        verbose_name = _("Lead")
        verbose_name_plural = _("Leads")
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(priority__lte=100), name="lead_priority_is_at_most_100")
        ]
        indexes = [
            *OwnedRecord.Meta.indexes,
            models.Index(fields=["assignee", "-received_at", "-id"], name="lead_assigned"),
            models.Index(
                fields=["-updated_at", "-id"], name="lead_newest",
                include=[
                    "is_archived", "awaits_split", "stage", "assignee", "partner", "pool_left_at", "owner_ids",
                ],
            ),
            models.Index(fields=["project", "-updated_at", "-id"], name="lead_newest_of_project"),
            models.Index(
                fields=["pool_left_at"], name="lead_left_pool", condition=models.Q(pool_left_at__isnull=False)
            ),
            models.Index(fields=["status", "-updated_at", "-id"], name="lead_newest_of_status"),
            models.Index(fields=["assignee", "-updated_at", "-id"], name="lead_newest_of_assignee"),
            models.Index(fields=["-received_at", "-id"], name="lead_received"),
            models.Index(Fold("name"), "id", name="lead_by_name"),
            models.Index(models.F("value_main").desc(nulls_last=True), models.F("id").desc(), name="lead_by_value"),
            models.Index(
                fields=["project", "-received_at"], name="lead_pool",
                condition=models.Q(
                    stage__in=OPEN, is_archived=False, assignee=None, partner=None, awaits_split=False
                ),
            ),
            models.Index(
                fields=["-received_at"], name="lead_unprocessed",
                condition=models.Q(stage__in=OPEN, is_archived=False, split_at=None, assignee=None, partner=None),
            ),
            models.Index(
                fields=["email"], name="lead_open_email", condition=models.Q(stage__in=OPEN, email__gt="")
            ),
            models.Index(
                fields=["phone"], name="lead_open_phone", condition=models.Q(stage__in=OPEN, phone__gt="")
            ),
            GinIndex(
                OpClass(Fold("name"), "gin_trgm_ops"), OpClass(Fold("company"), "gin_trgm_ops"),
                OpClass(Fold("email"), "gin_trgm_ops"), OpClass(Fold("phone"), "gin_trgm_ops"), name="lead_search",
            ),
        ]  # fmt: skip

    @property
    def is_open(self) -> bool:
        """Return whether the lead is still worked on."""
        return self.stage in OPEN and not self.is_archived

    @property
    def person(self) -> str:
        """Return the person's full name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_in_pool(self) -> bool:
        """Return whether the lead can be taken from the pool (LEAD-4)."""
        return self.is_open and self.assignee_id is None and self.partner_id is None and not self.awaits_split
