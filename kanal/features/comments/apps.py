"""Registers the feature."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """Comments."""

    name = "kanal.features.comments"
    label = "comments"
