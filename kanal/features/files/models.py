"""Files attached to records of any type, with their versions (FILE-1, FILE-2)."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


def place_of(version: Any, _name: str) -> str:
    """Return where a version is stored: by a random key, never by the user's file name."""
    return f"attachments/{version.key[:2]}/{version.key}"


class File(models.Model):
    """A file of a record under one name. Internal ones are only visible to internal users (ACC-8).

    `tells` are the fields that its contents reveal, such as `quotes.value`: users who can't read all of them don't see
    the file (ACC-6). It's empty for uploads.
    """

    entity = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    name = models.CharField(_("Name"), max_length=200)
    description = models.CharField(_("Description"), max_length=300, blank=True, default="")
    is_internal = models.BooleanField(_("Internal"), default=False)
    tells = ArrayField(models.CharField(max_length=120), default=list, editable=False)
    current = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["entity", "record_id", "name"], name="file_name_once_on_a_record")
        ]


class Version(models.Model):
    """A version of a file's content, with its detected `kind`."""

    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=40, unique=True)
    content = models.FileField(upload_to=place_of, max_length=120)
    kind = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="file_version_once")]
