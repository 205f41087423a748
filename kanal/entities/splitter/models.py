"""Splitter filters, their shares, and receipts of assignments."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import FilterColumn
from kanal.core.models import Record


class SplitterFilter(Record):
    """Conditions on new leads, and the shares of users who get the matching ones (SPLIT-1)."""

    name = models.CharField(_("Name"), max_length=160)
    is_active = models.BooleanField(_("Active"), default=True)
    position = models.PositiveIntegerField(
        _("Order"), default=100, blank=True, help_text=_("Filters are tried from the lowest number to the highest.")
    )
    conditions = FilterColumn(
        _("Conditions"), over="leads", default=dict, blank=True,
        help_text=_("Which leads the filter takes; leave empty for all."),
    )  # fmt: skip
    shares = models.JSONField(
        _("Shares"), default=list, blank=True,
        help_text=_("Who gets the leads, in percent; shares are proportions of each other."),
    )  # fmt: skip
    sets_priority = models.PositiveSmallIntegerField(
        _("Sets the priority"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    sets_status = models.ForeignKey(
        "leads.LeadStatus", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Sets the status"),
    )  # fmt: skip
    sets_campaign = models.ForeignKey(
        "campaigns.Campaign", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Sets the campaign"),
    )  # fmt: skip
    sets_project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("Sets the project"),
    )  # fmt: skip
    goes_on = models.BooleanField(
        _("Continues after a match"), default=False,
        help_text=_("Continue with later filters; for filters that set values without assigning anybody."),
    )  # fmt: skip
    prefers_owner = models.BooleanField(
        _("Prefers the owner of a known account or contact"), default=False,
        help_text=_("A lead assigned to its owner doesn't count towards the shares."),
    )  # fmt: skip

    class Meta(Record.Meta):
        verbose_name = _("Lead splitter filter")
        verbose_name_plural = _("Lead splitter filters")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["position", "id"], name="splitter_filter_order")]


class Share(models.Model):
    """A filter's share, derived from its `shares`, with its counts in this epoch and overall."""

    filter = models.ForeignKey(SplitterFilter, on_delete=models.CASCADE, related_name="share_rows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, null=True, related_name="+")
    weight = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    got = models.PositiveIntegerField(default=0)
    got_ever = models.PositiveIntegerField(default=0)
    carried = models.DecimalField(max_digits=12, decimal_places=6, default=0, db_default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) ^ models.Q(partner__isnull=True),
                name="share_of_a_user_or_a_partner",
            ),
            models.UniqueConstraint(
                fields=["filter", "user", "partner"], name="one_share_in_a_filter", nulls_distinct=False
            ),
        ]

    @property
    def key(self) -> str:
        """Return the key of the share's holder."""
        return f"user:{self.user_id}" if self.user_id else f"partner:{self.partner_id}"

    @property
    def holder(self) -> object:
        """Return the user or the partner."""
        return self.user or self.partner


class Quota(models.Model):
    """The row locked while a filter assigns leads. Its signature identifies the epoch of the counts (SPLIT-3)."""

    filter = models.OneToOneField(SplitterFilter, on_delete=models.CASCADE, related_name="quota")
    signature = models.TextField(default="")
    epoch = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(null=True)


class Receipt(models.Model):
    """The splitter's decision on a lead and its reason, stored permanently (SPLIT-5).

    `tried` lists the filters in order and whether they matched, `candidates` each share with its count and deficit at
    that moment or why it was skipped, `changed` other values set by the filter.
    """

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="receipts")
    filter = models.ForeignKey(SplitterFilter, on_delete=models.SET_NULL, null=True, related_name="receipts")
    filter_name = models.CharField(max_length=160, default="")
    condition = models.TextField(default="")
    tried = models.JSONField(default=list)
    candidates = models.JSONField(default=list)
    changed = models.JSONField(default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.SET_NULL, null=True, related_name="+")
    epoch = models.PositiveIntegerField(default=0)
    is_counted = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["lead", "-id"], name="receipt_of_lead")]
