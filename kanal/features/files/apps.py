"""App configuration and settings."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Files."""

    name = "kanal.features.files"
    label = "files"

    def ready(self) -> None:
        """Declare the limits (FILE-3) and subscribe to the erasure of persons."""
        from kanal.core import companions, events, settings
        from kanal.core.fields import FIELD_TYPES, Field
        from kanal.features.files.privacy import forget_files

        companions.declare_table("files_file", files_version="file_id")
        events.on("person.forgotten", forget_files)

        settings.declare(
            "files",
            Field(
                "files.max_megabytes", _("Largest file in MB"),
                FIELD_TYPES["integer"], default=100, minimum=1, maximum=2000,
                help=_("Larger files are refused."),
            ),
            Field(
                "files.allow_programs", _("Allow programs"), FIELD_TYPES["boolean"], default=False,
                help=_("Allow attachments that a computer can execute."),
            ),
        )  # fmt: skip
