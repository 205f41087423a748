"""Registers the feature."""

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    """Importing."""

    name = "kanal.features.importing"
    label = "importing"
