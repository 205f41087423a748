"""Pipelines and their ordered statuses (OPP-2)."""

from dataclasses import replace
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.fields.columns import PercentColumn
from kanal.core.fields.field import Option
from kanal.core.models import Choice, Record


class Pipeline(Choice, Record):
    """A sales process: an ordered list of statuses."""

    projects = models.ManyToManyField(
        "projects.Project", blank=True, related_name="+", verbose_name=_("Projects"),
        help_text=_("New opportunities of these projects begin in this pipeline."),
    )  # fmt: skip

    class Meta(Choice.Meta):
        verbose_name = _("Pipeline")
        verbose_name_plural = _("Pipelines")
        constraints = [models.UniqueConstraint(fields=["key"], name="pipeline_key_once")]


class OpportunityStatus(Choice, Record):
    """A status of a pipeline."""

    class Kind(models.TextChoices):
        """The meaning of a status for the sale."""

        OPEN = "open", _("Open")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        ON_HOLD = "on_hold", _("On hold")

    pipeline = models.ForeignKey(
        Pipeline, on_delete=models.PROTECT, related_name="statuses", verbose_name=_("Pipeline")
    )
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.OPEN)
    probability = PercentColumn(_("Probability"), default=0)
    stale_days = models.PositiveIntegerField(
        _("Stale after (days)"), null=True, blank=True,
        help_text=_("An opportunity that stays longer in this status is marked as stale."),
    )  # fmt: skip
    required_fields = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("Required fields"),
        help_text=_("Keys of the fields that must be filled in to enter this status."),
    )  # fmt: skip

    class Meta(Choice.Meta):
        verbose_name = _("Opportunity status")
        verbose_name_plural = _("Opportunity statuses")
        constraints = [models.UniqueConstraint(fields=["key"], name="opportunitystatus_key_once")]

    @classmethod
    def in_pipeline(cls, pipeline_id: int | None) -> list[Any]:
        """List the active statuses of a pipeline in order."""
        return [row for row in cls.rows() if row.pipeline_id == pipeline_id and row.is_active]

    @classmethod
    def first_of_kind(cls, pipeline_id: int | None, kind: str) -> Any:
        """Return a pipeline's first status of a kind, or None."""
        return next((row for row in cls.in_pipeline(pipeline_id) if row.kind == kind), None)


def options_of_kinds(*kinds: str) -> tuple[Option, ...]:
    """Return the active statuses of these kinds as options. The label includes the pipeline if there are several."""
    rows = {row.key: row for row in OpportunityStatus.rows() if row.kind in kinds and row.is_active}
    pipelines = {row.pk: row.label for row in Pipeline.rows() if row.is_active}
    return tuple(
        replace(option, label=f"{option.label} ({pipelines[rows[option.key].pipeline_id]})")
        if len(pipelines) > 1
        else option
        for option in OpportunityStatus.options()
        if option.key in rows and rows[option.key].pipeline_id in pipelines
    )
