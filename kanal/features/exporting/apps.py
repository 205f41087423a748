"""App configuration and export formats."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportingConfig(AppConfig):
    """Exporting."""

    name = "kanal.features.exporting"
    label = "exporting"

    def ready(self) -> None:
        """Register the formats."""
        from kanal.features.exporting import cards, csv
        from kanal.features.exporting.formats import ExportFormat, register_format

        register_format(ExportFormat("csv", _("Export"), "csv", "text/csv; charset=utf-8", csv.lines, order=10))
        register_format(
            ExportFormat(
                "vcf", _("Export as vCard"), "vcf", "text/vcard; charset=utf-8", cards.cards,
                applies=cards.are_people, icon="address-book", order=20,
            )
        )  # fmt: skip
