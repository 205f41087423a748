"""Opportunities (OPP-1) and business roles."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import (
    CurrencyColumn,
    DerivedForeignKey,
    DerivedMomentColumn,
    PercentColumn,
    money,
)
from kanal.core.models import Category, OwnedRecord, Record
from kanal.core.query.expressions import Fold
from kanal.entities.opportunities.models.pipelines import OpportunityStatus, Pipeline


class Forecast(models.TextChoices):
    """How certain the seller is about an opportunity."""

    PIPELINE = "pipeline", _("Pipeline")
    BEST_CASE = "best_case", _("Best case")
    COMMIT = "commit", _("Commit")
    OMITTED = "omitted", _("Omitted")


class Opportunity(OwnedRecord):
    """A possible sale."""

    name = models.CharField(_("Name"), max_length=200)
    number = models.CharField(_("Number"), max_length=40, unique=True, editable=False)
    status = models.ForeignKey(OpportunityStatus, on_delete=models.PROTECT, related_name="+", verbose_name=_("Status"))
    pipeline = models.ForeignKey(
        Pipeline, on_delete=models.PROTECT, blank=True, related_name="+", verbose_name=_("Pipeline")
    )
    opportunity_type = models.ForeignKey(
        Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        limit_choices_to={"group": "opportunity_type"}, verbose_name=_("Opportunity type"),
    )  # fmt: skip
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="opportunities", verbose_name=_("Project")
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="opportunities",
        verbose_name=_("Account"),
    )  # fmt: skip
    further_accounts = models.ManyToManyField(
        "accounts.Account", blank=True, related_name="further_opportunities", verbose_name=_("Other accounts")
    )
    main_contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.SET_NULL, null=True, blank=True, related_name="opportunities",
        verbose_name=_("Main contact"),
    )  # fmt: skip
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="opportunities",
        verbose_name=_("Assignee"),
    )  # fmt: skip
    further_members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("Other members")
    )
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.SET_NULL, null=True, blank=True, related_name="opportunities",
        verbose_name=_("Partner"),
    )  # fmt: skip
    campaign = models.ForeignKey(
        "campaigns.Campaign", on_delete=models.SET_NULL, null=True, blank=True, related_name="opportunities",
        verbose_name=_("Campaign"),
    )  # fmt: skip
    origin_lead = models.ForeignKey(
        "leads.Lead", on_delete=models.SET_NULL, null=True, blank=True, related_name="opportunities",
        verbose_name=_("Origin lead"),
    )  # fmt: skip
    tasks = models.ManyToManyField(
        "tasks.Task", blank=True, related_name="opportunities", verbose_name=_("Related tasks")
    )

    value = money(_("Value"), CurrencyColumn(_("Currency"), blank=True), main_digits=20, null=True, blank=True)
    value_by_hand = models.BooleanField(
        _("Manual value"), default=False,
        help_text=_("Otherwise the value follows the total of the active quote."),
    )  # fmt: skip
    quoted_value = models.DecimalField(max_digits=18, decimal_places=4, null=True, editable=False)
    quoted_currency = models.CharField(max_length=3, blank=True, default="", editable=False)
    probability = PercentColumn(
        _("Probability"), null=True, blank=True, help_text=_("Taken from the status unless you enter another one.")
    )
    probability_by_hand = models.BooleanField(default=False, editable=False)
    weighted_value = money(_("Weighted value"), "currency", main_digits=20, null=True, blank=True, editable=False)
    expected_close_date = models.DateField(_("Expected close date"), null=True, blank=True)
    next_action_date = models.DateField(_("Next action date"), null=True, blank=True)
    next_activity = DerivedForeignKey("activities.Activity", _("Next activity"))
    forecast_category = models.CharField(
        _("Forecast category"), max_length=10, choices=Forecast.choices, default=Forecast.PIPELINE
    )
    key_prospect = models.BooleanField(_("Key prospect"), default=False)
    need = models.TextField(_("Need"), blank=True, default="")
    competitor = models.CharField(_("Competitor"), max_length=160, blank=True, default="")
    loss_reason = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        limit_choices_to={"group": "loss_reason"}, verbose_name=_("Loss reason"),
    )  # fmt: skip
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True, verbose_name=_("Tags"))
    description = models.TextField(_("Description"), blank=True, default="")
    is_locked = models.BooleanField(_("Locked"), default=False, editable=False)
    sold_at = models.DateTimeField(_("Sold"), null=True, blank=True, editable=False)
    status_since = DerivedMomentColumn(_("In this status since"), default=timezone.now, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("Opportunity")
        verbose_name_plural = _("Opportunities")
        indexes = [
            *OwnedRecord.Meta.indexes,
            models.Index(Fold("name"), "id", name="opportunity_name"),
            models.Index(F("updated_at").desc(), F("id").desc(), name="opportunity_updated", include=["owner_ids"]),
            models.Index(fields=["project", "status"], name="opportunity_in_project"),
            models.Index(
                F("status"),
                F("updated_at").desc(),
                F("id").desc(),
                name="opportunity_status_updated",
                include=["owner_ids"],
            ),
            models.Index(F("value_main").desc(nulls_last=True), F("id").desc(), name="opportunity_by_value"),
            models.Index(F("expected_close_date").asc(nulls_last=True), F("id"), name="opportunity_by_close"),
            models.Index(
                F("status"), F("value_main").desc(nulls_last=True), F("id").desc(), name="opportunity_status_value"
            ),
            models.Index(fields=["assignee", "expected_close_date", "id"], name="opportunity_assigned"),
            models.Index(
                fields=["sold_at"],
                name="opportunity_sold",
                include=["assignee", "currency", "value", "value_main"],
                condition=Q(sold_at__isnull=False),
            ),
            GinIndex(OpClass(Fold("name"), "gin_trgm_ops"), name="opportunity_name_parts"),
            GinIndex(OpClass(Fold("number"), "gin_trgm_ops"), name="opportunity_number_parts"),
        ]


class BusinessRole(Record):
    """The role of a person in an opportunity."""

    opportunity = models.ForeignKey(
        Opportunity, on_delete=models.CASCADE, related_name="roles", verbose_name=_("Opportunity")
    )
    contact = models.ForeignKey(
        "contacts.Contact", on_delete=models.CASCADE, related_name="business_roles", verbose_name=_("Personal contact")
    )
    role = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        limit_choices_to={"group": "business_role"}, verbose_name=_("Role"),
    )  # fmt: skip
    description = models.CharField(_("Description"), max_length=500, blank=True, default="")
    label = models.CharField(_("Name"), max_length=260, editable=False, default="")

    class Meta(Record.Meta):
        verbose_name = _("Business role")
        verbose_name_plural = _("Business roles")
        ordering = ["id"]
