"""Sets up the core: its settings, and everything rebuilt after each migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """The core."""

    name = "kanal.core"

    def ready(self) -> None:
        """Declare the settings and connect the creation of triggers after migrations."""
        from kanal.core import checks, conversion, events, selection, settings, subtotals  # noqa: F401
        from kanal.core.access.private import spread_privacy
        from kanal.core.administration import customfields  # noqa: F401
        from kanal.core.fields import FIELD_TYPES, Field
        from kanal.core.fields.code_tables import zone_options
        from kanal.core.installation import finish_installation
        from kanal.core.observability import query_counting
        from kanal.core.outbox import delivery  # noqa: F401
        from kanal.core.references.declared import declare_own

        query_counting.install_query_counter()
        declare_own()
        events.on("record.saved", spread_privacy)
        settings.declare(
            "company",
            Field("company.country", _("Country of phone numbers"), FIELD_TYPES["text"], default="NO", max_length=2),
            Field(
                "company.time_zone",
                _("Time zone"),
                FIELD_TYPES["choice"],
                default="UTC",
                choices=zone_options(),
                help=_("Used for users without their own, for the lead splitter and for background work."),
            ),
        )
        settings.declare(
            "organization",
            Field("organization.share_access", _("Allow access sharing"), FIELD_TYPES["boolean"], default=True),
        )
        post_migrate.connect(finish_installation, dispatch_uid="kanal.installation")
