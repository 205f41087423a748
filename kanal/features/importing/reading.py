"""Reads a table out of a file from outside: CSV, XLSX or vCard; refuses what is hostile or no table."""

from django.utils.translation import gettext as _

from kanal.features.importing import cards, delimited, heads, workbooks
from kanal.features.importing.layout import Layout, Table
from kanal.kit.errors import Invalid

LARGEST = 50 * 1024 * 1024


def read(content: bytes, name: str, layout: Layout | None = None) -> Table:
    """Return the table of a file, laid out as chosen or as it shows itself; raise Invalid where there is none."""
    layout = layout or Layout()
    if not content.strip():
        raise Invalid(_("The file is empty."))
    if len(content) > LARGEST:
        raise Invalid(_("The file is too large: at most %(limit)s MB.") % {"limit": LARGEST // 1024 // 1024})
    if content[:4] == b"PK\x03\x04":
        return heads.table_of(workbooks.source_of(content, layout))
    if cards.is_card(content):
        return cards.table_of(content, layout)
    return heads.table_of(delimited.source_of(content, layout))
