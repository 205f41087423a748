"""Sales activities: calls, meetings, emails and notes on CRM records."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import MomentColumn
from kanal.core.models import OwnedRecord
from kanal.core.query.expressions import Fold

PARENTS = ("lead", "opportunity", "account", "contact", "partner")


def let_go(collector: Any, field: Any, activities: Any, using: str) -> None:
    """Delete activities with their parent record, except those that have another one."""
    alone = models.Q(**{f"{name}__isnull": True for name in PARENTS if name != field.name})
    models.CASCADE(collector, field, activities.filter(alone), using)
    models.SET_NULL(collector, field, activities.exclude(alone), using)


class Activity(OwnedRecord):
    """A completed or planned interaction with a customer (ACT-1)."""

    category = models.ForeignKey(
        "core.Category", on_delete=models.PROTECT, related_name="+", limit_choices_to={"group": "activity_category"},
        verbose_name=_("Category"),
    )  # fmt: skip
    subject = models.CharField(_("Subject"), max_length=200)
    text = models.TextField(_("Text"), blank=True, default="")
    start = MomentColumn(_("Start"), null=True, blank=True, day="start_day")
    end = MomentColumn(_("End"), null=True, blank=True, day="end_day")
    start_day = models.DateField(null=True, editable=False)
    end_day = models.DateField(null=True, editable=False)
    all_day = models.BooleanField(_("All day"), default=False)
    place = models.CharField(_("Place"), max_length=200, blank=True, default="")
    done = models.BooleanField(_("Done"), default=False)
    done_at = models.DateTimeField(_("Done at"), null=True, blank=True, editable=False)
    outcome = models.TextField(_("Outcome"), blank=True, default="")
    next_step = models.CharField(_("Next step"), max_length=300, blank=True, default="")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("Assignee"),
    )  # fmt: skip
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("Participants")
    )  # fmt: skip
    contacts = models.ManyToManyField(
        "contacts.Contact", blank=True, related_name="+", verbose_name=_("Participating contacts")
    )  # fmt: skip
    lead = models.ForeignKey(
        "leads.Lead", on_delete=let_go, null=True, blank=True, related_name="activities",
        verbose_name=_("Lead"),
    )  # fmt: skip
    opportunity = models.ForeignKey(
        "opportunities.Opportunity", on_delete=let_go, null=True, blank=True, related_name="activities",
        verbose_name=_("Opportunity"),
    )  # fmt: skip
    account = models.ForeignKey(
        "accounts.Account", on_delete=let_go, null=True, blank=True, related_name="activities",
        verbose_name=_("Account"),
    )  # fmt: skip
    contact = models.ForeignKey(
        "contacts.Contact", on_delete=let_go, null=True, blank=True, related_name="activities",
        verbose_name=_("Personal contact"),
    )  # fmt: skip
    partner = models.ForeignKey(
        "partners.Partner", on_delete=let_go, null=True, blank=True, related_name="activities",
        verbose_name=_("Partner"),
    )  # fmt: skip
    project = models.ForeignKey(
        "projects.Project", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("Project"),
    )  # fmt: skip
    private_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta(OwnedRecord.Meta):
        verbose_name = _("Activity")
        verbose_name_plural = _("Activities")
        ordering = ["-start", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lead__isnull=False)
                | models.Q(opportunity__isnull=False)
                | models.Q(account__isnull=False)
                | models.Q(contact__isnull=False)
                | models.Q(partner__isnull=False),
                name="an_activity_stands_on_a_record",
                violation_error_message=_(
                    "An activity belongs to a lead, an opportunity, an account, a contact or a partner."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")),
                name="an_activity_ends_after_its_start",
                violation_error_message=_("The end is before the start."),
            ),
            models.CheckConstraint(
                condition=models.Q(all_day=True) | models.Q(start_day__isnull=True, end_day__isnull=True),
                name="an_activity_at_a_time_is_no_whole_day",
            ),
        ]
        indexes = [
            *OwnedRecord.Meta.indexes,
            models.Index(Fold("subject"), "id", name="activity_subject"),
            models.Index(fields=["-updated_at", "-id"], name="activity_updated"),
            models.Index(
                models.F("start").desc(nulls_last=True),
                models.F("id").desc(),
                name="activity_starts",
                include=["private_to", "owner_ids"],
            ),
            models.Index(
                models.F("start_day").desc(nulls_last=True),
                models.F("id").desc(),
                name="activity_days",
                include=["private_to", "owner_ids"],
                condition=models.Q(start_day__isnull=False),
            ),
            models.Index(fields=["assignee", "done", "start"], name="activity_assignee"),
            GinIndex(OpClass(Fold("subject"), "gin_trgm_ops"), name="activity_trigrams"),
        ]
