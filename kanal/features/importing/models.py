"""Imports: the file, the column mapping, progress, and refused rows with their reasons."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """An import of one file. `done` rows are never imported again, so an interrupted import continues there.

    `mapping` is {header: key of a field}; `layout` the layout chosen for the file; `formats` {key: {"decimal_sign",
    "order", "scale"}}; `fixed` {key: raw value for all rows}; `unknown` {key: {text: {"do": leave, make or use,
    "value"}}}; `survey` the result of scanning the whole file, `trial` that of the dry run. `clears`: empty cells clear
    the field.
    """

    class Mode(models.TextChoices):
        """What to do with a row whose record exists."""

        UPDATE = "update", _("Update the record")
        SKIP = "skip", _("Leave the record as it is")
        CREATE = "create", _("Always create a new record")

    entity = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    mapping = models.JSONField(default=dict)
    layout = models.JSONField(default=dict)
    formats = models.JSONField(default=dict)
    fixed = models.JSONField(default=dict)
    unknown = models.JSONField(default=dict)
    survey = models.JSONField(default=dict)
    trial = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    clears = models.BooleanField(default=False)
    preset = models.CharField(max_length=80, blank=True, default="")
    match = models.CharField(max_length=80, blank=True, default="")
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.UPDATE)
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    progress = models.ForeignKey("core.Progress", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class Refusal(models.Model):
    """A row that was refused by an import or a dry run, with the reason."""

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="refusals")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    reason = models.TextField()

    class Meta:
        ordering = ["line"]


class Batch(models.Model):
    """The changes of one batch, to undo them: `made` [[type, id, revision]], `changed` {id: …}."""

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="batches")
    made = models.JSONField(default=list)
    changed = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]


class SavedMapping(models.Model):
    """A saved mapping for files with certain headers, applied to the next such file."""

    entity = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("Name"), max_length=80)
    is_shared = models.BooleanField(default=False)
    heads = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "user", "name"], name="saved_mapping_name_once_for_its_user")
        ]
