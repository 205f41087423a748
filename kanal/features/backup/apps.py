"""App configuration. The environment variables are in the settings."""

from django.apps import AppConfig


class BackupConfig(AppConfig):
    """Backups."""

    name = "kanal.features.backup"
    label = "backup"
