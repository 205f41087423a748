"""Registers the feature; what it needs of the environment stands in the settings."""

from django.apps import AppConfig


class BackupConfig(AppConfig):
    """Backups."""

    name = "kanal.features.backup"
    label = "backup"
