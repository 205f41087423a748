"""Settings of the installation: one row per key. The keys are declared in code (core.settings)."""

from django.db import models


class Setting(models.Model):
    """One setting with a value other than its default."""

    key = models.CharField(max_length=80, unique=True)
    value = models.JSONField()
