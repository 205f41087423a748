"""App configuration."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """Comments."""

    name = "kanal.features.comments"
    label = "comments"

    def ready(self) -> None:
        """Delete comments with their records."""
        from kanal.core import companions

        companions.declare_table("comments_comment")
