"""Settings of the installation: one row per key; what keys there are is declared in code (core.settings)."""

from django.db import models


class Setting(models.Model):
    """One setting that differs from its default."""

    key = models.CharField(max_length=80, unique=True)
    value = models.JSONField()
