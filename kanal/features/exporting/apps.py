"""Registers the feature."""

from django.apps import AppConfig


class ExportingConfig(AppConfig):
    """Exporting."""

    name = "kanal.features.exporting"
    label = "exporting"
