"""Files made by a job for a user who waits for them."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models


def place_of_export(export: Any, _name: str) -> str:
    """Return where an exported file is stored: by a random key."""
    key = secrets.token_hex(16)
    return f"exports/{key[:2]}/{key}"


class ExportFile(models.Model):
    """An exported file, which its user can download until it's removed a day later."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    entity = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=120)
    content = models.FileField(upload_to=place_of_export, max_length=120)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
