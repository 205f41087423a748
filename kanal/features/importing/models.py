"""An import: its file, how its columns are mapped, how far it is; refused rows with their reasons."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """One import of one file; `done` rows are never imported again, so a killed one goes on where it stopped."""

    class Mode(models.TextChoices):
        """What becomes of a row whose record is there already."""

        UPDATE = "update", _("Update the record")
        SKIP = "skip", _("Leave the record as it is")
        CREATE = "create", _("Always make a new record")

    entity = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    mapping = models.JSONField(default=dict)
    match = models.CharField(max_length=80, blank=True, default="")
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.UPDATE)
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    progress = models.ForeignKey("core.Progress", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class Refusal(models.Model):
    """A row that could not be imported, with the reason."""

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="refusals")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    reason = models.TextField()

    class Meta:
        ordering = ["line"]
