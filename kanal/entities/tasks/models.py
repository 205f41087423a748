"""Tasks and tickets, with their trackers and statuses."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.models import Choice, OwnedRecord, Record
from kanal.core.query.expressions import Fold


class Tracker(Choice, Record):
    """A kind of work: task, ticket, milestone."""

    class Meta(Choice.Meta):
        verbose_name = _("Tracker")
        verbose_name_plural = _("Trackers")
        constraints = [models.UniqueConstraint(fields=["key"], name="tracker_key_once")]


class TaskStatus(Choice, Record):
    """A status of tasks."""

    class Kind(models.TextChoices):
        """Whether work remains to be done."""

        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    kind = models.CharField(_("Kind"), max_length=10, choices=Kind.choices, default=Kind.OPEN)

    class Meta(Choice.Meta):
        verbose_name = _("Task status")
        verbose_name_plural = _("Task statuses")
        constraints = [models.UniqueConstraint(fields=["key"], name="task_status_key_once")]


class Task(OwnedRecord):
    """A piece of work in a project (TASK-1). A ticket is a task of that tracker."""

    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, related_name="tasks", verbose_name=_("Project")
    )
    tracker = models.ForeignKey(Tracker, on_delete=models.PROTECT, related_name="tasks", verbose_name=_("Tracker"))
    subject = models.CharField(_("Subject"), max_length=200)
    description = models.TextField(_("Description"), blank=True, default="")
    status = models.ForeignKey(TaskStatus, on_delete=models.PROTECT, related_name="tasks", verbose_name=_("Status"))
    priority = models.ForeignKey(
        "core.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        limit_choices_to={"group": "task_priority"}, verbose_name=_("Priority"),
    )  # fmt: skip
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("Assignee"),
    )  # fmt: skip
    start = models.DateField(_("Start"), null=True, blank=True)
    due = models.DateField(_("Due"), null=True, blank=True)
    estimate = models.DecimalField(
        _("Estimate (hours)"), max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    done_percent = models.PositiveSmallIntegerField(
        _("Done (%)"), default=0, blank=True, validators=[MaxValueValidator(100)]
    )
    closed_at = models.DateTimeField(_("Closed at"), null=True, blank=True, editable=False)
    parent = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="subtasks",
        verbose_name=_("Parent task"),
    )  # fmt: skip
    accounts = models.ManyToManyField(
        "accounts.Account", blank=True, related_name="tasks", verbose_name=_("Accounts")
    )  # fmt: skip
    primary_account = models.ForeignKey(
        "accounts.Account", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("Primary account"),
    )  # fmt: skip
    contacts = models.ManyToManyField(
        "contacts.Contact", blank=True, related_name="tasks", verbose_name=_("Personal contacts")
    )  # fmt: skip
    watchers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("Watchers")
    )  # fmt: skip

    class Meta(OwnedRecord.Meta):
        verbose_name = _("Task")
        verbose_name_plural = _("Tasks")
        ordering = ["-updated_at", "-id"]
        indexes = [
            *OwnedRecord.Meta.indexes,
            models.Index(Fold("subject"), "id", name="task_subject"),
            models.Index(fields=["-updated_at", "-id"], name="task_updated"),
            models.Index(fields=["project", "-updated_at", "-id"], name="task_project"),
            models.Index(fields=["assignee", "due", "id"], name="task_assignee_due"),
            models.Index(fields=["due", "id"], name="task_due"),
            GinIndex(OpClass(Fold("subject"), "gin_trgm_ops"), name="task_trigrams"),
        ]
