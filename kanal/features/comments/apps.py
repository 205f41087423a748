"""App configuration."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    """Comments."""

    name = "kanal.features.comments"
    label = "comments"

    def ready(self) -> None:
        """Delete comments with their records, and count them as news."""
        from kanal.core import companions
        from kanal.core.news import add_news_source
        from kanal.features.comments.actions import comments_by_others

        add_news_source("comments", comments_by_others)
        companions.declare_table("comments_comment")
