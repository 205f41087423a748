"""Registry of export formats: pages, `kanal export` and menus offer those that apply to a type."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kanal.core.context import today
from kanal.core.entity import Entity
from kanal.features.exporting.rows import ExportRows
from kanal.kit.registries import Registry


def applies_to_all(entity: Entity) -> bool:
    """Return True: most formats support any record type."""
    return True


def always_possible() -> None:
    """Do nothing: most formats need no other program."""


@dataclass(frozen=True)
class ExportFormat:
    """A file format.

    `key` is its name in URLs and commands, `label` its entry in a list's menu. `write` yields the file in chunks, text
    or bytes, as the pages of `ExportRows` are read. `applies` returns whether a type has this format; the one of the
    lowest `order` comes first in the menu and is the default of `kanal export`. `max_rows` is the number of records
    that the format can hold, 0 for any number. `streamed_rows` is the number of records up to which a page sends the
    file at once, and beyond which a job makes it; None sends a file of any size as it is written. `require` raises
    Refused if the server can't make such files.
    """

    key: str
    label: Any
    extension: str
    content_type: str
    write: Callable[[ExportRows], Iterator[str | bytes]]
    applies: Callable[[Entity], bool] = applies_to_all
    icon: str = "download"
    order: int = 100
    max_rows: int = 0
    streamed_rows: int | None = None
    require: Callable[[], None] = always_possible

    def file_name(self, entity: Entity) -> str:
        """Return the file name for a type, such as `leads-2026-11-30.csv`."""
        return f"{entity.key}-{today():%Y-%m-%d}.{self.extension}"


FORMATS: Registry[ExportFormat] = Registry("export formats", lambda export_format: export_format.content_type)


def register_format(export_format: ExportFormat) -> ExportFormat:
    """Register an export format."""
    return FORMATS.register(export_format.key, export_format)


def formats_of(entity: Entity) -> list[ExportFormat]:
    """Return the export formats of a record type in order."""
    offered = (export_format for export_format in FORMATS.values() if export_format.applies(entity))
    return sorted(offered, key=lambda export_format: (export_format.order, export_format.key))
