"""Read a table from an uploaded file: CSV, XLSX or vCard. Malicious files and other types are refused."""

from django.utils.translation import gettext as _

from kanal.features.importing import cards, delimited, heads, workbooks
from kanal.features.importing.layout import Layout, Table
from kanal.kit.errors import Invalid

LARGEST = 50 * 1024 * 1024


def read_table(content: bytes, name: str, layout: Layout | None = None) -> Table:
    """Return the table of a file in the chosen or detected layout. Raise Invalid if there is none."""
    layout = layout or Layout()
    if not content.strip():
        raise Invalid(_("The file is empty."))
    refuse_large(len(content))
    if refusal := refusal_of(content):
        raise Invalid(refusal)
    if content[:4] == b"PK\x03\x04":
        return heads.source_table(workbooks.source_of(content, layout))
    if cards.is_card(content):
        return cards.card_table(content, layout)
    return heads.source_table(delimited.source_of(content, layout))


def refuse_large(size: int) -> None:
    """Raise Invalid for a file that exceeds the size limit."""
    if size > LARGEST:
        raise Invalid(_("The file is too large: at most %(limit)s MB.") % {"limit": LARGEST // 1024 // 1024})


def refusal_of(content: bytes) -> str:
    """Return why a file that people mistake for a table can't be read, by its first bytes, else ""."""
    start = content[:4000]
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return _("This is an old Excel file (XLS) or one with a password. Save it as XLSX or CSV, and import that.")
    if start.startswith(b"PK") and b"opendocument.spreadsheet" in start:
        return _("This is an OpenDocument sheet (ODS). Save it as XLSX or CSV, and import that.")
    if start.startswith(b"%PDF"):
        return _("This is a PDF. Save the table as XLSX or CSV, and import that.")
    if start.lstrip().lower().startswith((b"<html", b"<!doctype html", b"<table")):
        return _("This is a web page. Save the table as XLSX or CSV, and import that.")
    if start.lstrip().startswith((b"{", b"[{")):
        return _("This is JSON. Save the table as XLSX or CSV, and import that.")
    return ""
