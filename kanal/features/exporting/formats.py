"""Registry of export formats: pages, `kanal export` and menus offer those that apply to a type."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kanal.core.context import today
from kanal.core.entity import Entity
from kanal.core.listing import Column, ListQuery
from kanal.kit.registries import Registry


def applies_to_all(entity: Entity) -> bool:
    """Return True: most formats support any record type."""
    return True


@dataclass(frozen=True)
class ExportFormat:
    """A file format.

    `key` is its name in URLs and commands, `label` its entry in a list's menu. `write` yields the file in chunks, text
    or bytes, as rows are read; it receives the query and the columns that the reader may see. `applies` returns whether
    a type has this format; the one of the lowest `order` comes first in the menu and is the default of `kanal export`.
    """

    key: str
    label: Any
    extension: str
    content_type: str
    write: Callable[[ListQuery, list[Column]], Iterator[str | bytes]]
    applies: Callable[[Entity], bool] = applies_to_all
    icon: str = "download"
    order: int = 100

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
