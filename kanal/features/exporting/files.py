"""Export to a file: how many records fit, and a file written in somebody's permissions, zone, language and day."""

from typing import IO

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kanal.core import access
from kanal.core.context import Context
from kanal.core.listing import Column, ListQuery, columns_of, records_of
from kanal.features.exporting.formats import ExportFormat
from kanal.features.exporting.rows import ExportRows
from kanal.kit.errors import NotAllowed, Refused
from kanal.kit.numbers import format_number


def export_file(
    export_format: ExportFormat,
    ask: ListQuery,
    out: IO[bytes],
    *,
    context: Context,
    columns: list[Column] | None = None,
) -> None:
    """Write a list in a format to a binary file, as the user of `context` reads it: in its zone, language and day.

    The user of `ask` is replaced by that of the context. `columns` are by default those of `ask` that the user may see.
    Raise NotAllowed without the permission to export, Refused for more records than the format can hold, QueryError
    for an invalid filter, and Withdrawn if the permissions change in the meantime.
    """
    with context.active():
        ask = ask.but(user=context.user)
        if context.user is None or not access.has_permission(context.user, ask.entity, "export"):
            raise NotAllowed
        require_possible(export_format, ask)
        if columns is None:
            columns = columns_of(ask.entity, ask.columns or ask.entity.listing.columns, ask.reader, most=None)
        write_export(export_format, ExportRows(ask, columns), out)


def write_export(export_format: ExportFormat, rows: ExportRows, out: IO[bytes]) -> None:
    """Write an export to a binary file as it is read."""
    for piece in export_format.write(rows):
        out.write(piece if isinstance(piece, bytes) else piece.encode())


def require_possible(export_format: ExportFormat, ask: ListQuery) -> None:
    """Raise Refused if the server can't make such files, or for more records than one can hold.

    The text says what to do instead.
    """
    export_format.require()
    if not export_format.max_rows or not has_more_than(ask, export_format.max_rows):
        return
    raise Refused(
        _("A %(format)s file holds at most %(limit)s records, and this list has more. Narrow the filter, or use CSV.")
        % {
            "format": export_format.extension.upper(),
            "limit": format_number(export_format.max_rows, get_language() or "en"),
        }
    )


def has_more_than(ask: ListQuery, number: int) -> bool:
    """Return whether a list has more than some number of records, without counting the others."""
    return records_of(ask)[: number + 1].count() > number
