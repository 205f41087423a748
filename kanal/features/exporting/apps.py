"""App configuration and export formats."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExportingConfig(AppConfig):
    """Exporting."""

    name = "kanal.features.exporting"
    label = "exporting"

    def ready(self) -> None:
        """Register the formats."""
        from kanal.features.exporting import cards, csv, events, pdf, workbook
        from kanal.features.exporting.formats import ExportFormat, register_format

        register_format(ExportFormat("csv", _("Export"), "csv", "text/csv; charset=utf-8", csv.lines, order=10))
        register_format(
            ExportFormat(
                "xlsx", _("Export as XLSX"), "xlsx", XLSX, workbook.workbook, icon="file-spreadsheet", order=12,
                max_rows=workbook.MAX_ROWS, streamed_rows=2_000,
            )
        )  # fmt: skip
        register_format(
            ExportFormat(
                "pdf", _("Export as PDF"), "pdf", "application/pdf", pdf.pdf, icon="file-type-pdf", order=14,
                max_rows=pdf.MAX_ROWS, streamed_rows=0, require=pdf.require_libreoffice,
            )
        )  # fmt: skip
        register_format(
            ExportFormat(
                "vcf", _("Export as vCard"), "vcf", "text/vcard; charset=utf-8", cards.cards,
                applies=cards.are_people, icon="address-book", order=20,
            )
        )  # fmt: skip
        register_format(
            ExportFormat(
                "ics", _("Export as iCalendar"), "ics", "text/calendar; charset=utf-8", events.events,
                applies=events.has_dates, icon="calendar-event", order=30,
            )
        )  # fmt: skip
