"""Readies the core: the history's triggers after each migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """The core."""

    name = "kanal.core"

    def ready(self) -> None:
        """Have the triggers made after migrations."""
        from kanal.core import checks, settings  # noqa: F401
        from kanal.core.fields import KINDS, Field
        from kanal.core.installation import complete
        from kanal.core.seeing import counting

        counting.install()
        settings.declare(
            "company",
            Field("company.country", "Country of phone numbers", KINDS["text"], default="NO", max_length=2),
        )
        settings.declare(
            "organization",
            Field("organization.share_access", "Allow access sharing", KINDS["boolean"], default=True),
        )
        post_migrate.connect(complete, dispatch_uid="kanal.installation")
