"""An import: its file, how its columns are mapped, how far it is; refused rows with their reasons."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """One import of one file; `done` rows are never imported again, so a killed one goes on where it stopped.

    `mapping` is {head: key of a field}; `layout` what is chosen for the file; `formats` {key: {"decimal_sign", "order",
    "scale"}}; `fixed` {key: raw value for all rows}; `unknown` {key: {text: {"do": leave, make or use, "value"}}};
    `survey` what was found when the whole file was gone through,
    `trial` what came of trying it. `clears`: empty cells clear the field.
    """

    class Mode(models.TextChoices):
        """What becomes of a row whose record is there already."""

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
    """A row that could not be imported, or could not when it was tried, with the reason."""

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="refusals")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    reason = models.TextField()

    class Meta:
        ordering = ["line"]


class Batch(models.Model):
    """What one piece of an import made and changed, to undo it: `made` [[type, id, revision]], `changed` {id: …}."""

    run = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="batches")
    made = models.JSONField(default=list)
    changed = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]


class SavedMapping(models.Model):
    """How files with certain heads are imported: chosen again for the next one."""

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
