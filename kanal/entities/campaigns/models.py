"""Campaigns."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import money
from kanal.core.models import OwnedRecord
from kanal.core.query.expressions import Fold

POSITIVE = [MinValueValidator(0)]


class Campaign(OwnedRecord):
    """A campaign that generates leads, with costs and expected results."""

    name = models.CharField(_("Name"), max_length=200)
    status = models.ForeignKey(
        "core.Category", on_delete=models.PROTECT, related_name="+", limit_choices_to={"group": "campaign_status"},
        verbose_name=_("Campaign status"),
    )  # fmt: skip
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("Project")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("Owner"),
    )  # fmt: skip
    kind = models.ForeignKey(
        "core.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        limit_choices_to={"group": "campaign_kind"}, verbose_name=_("Kind"),
    )  # fmt: skip
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="subcampaigns",
        verbose_name=_("Parent campaign"),
    )  # fmt: skip
    start = models.DateField(_("Start"), null=True, blank=True)
    end = models.DateField(_("End"), null=True, blank=True)
    target_audience = models.TextField(_("Target audience"), blank=True, default="")
    description = models.TextField(_("Description"), blank=True, default="")
    planned_budget = money(_("Planned budget"), null=True, blank=True, validators=POSITIVE)
    costs = money(_("Costs"), null=True, blank=True, validators=POSITIVE)
    expected_revenue = money(_("Expected revenue"), null=True, blank=True, validators=POSITIVE)
    is_archived = models.BooleanField(_("Archived"), default=False, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("Campaign")
        verbose_name_plural = _("Campaigns")
        ordering = ["name", "id"]
        indexes = [
            *OwnedRecord.Meta.indexes,
            models.Index(Fold("name"), "id", name="campaign_name"),
            models.Index(fields=["-updated_at", "-id"], name="campaign_updated"),
            models.Index(fields=["project", "-updated_at", "-id"], name="campaign_project"),
            models.Index(fields=["-start", "-id"], name="campaign_starts"),
            GinIndex(OpClass(Fold("name"), "gin_trgm_ops"), name="campaign_trigrams"),
        ]
