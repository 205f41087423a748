"""Formats of exported lists, as apps register them: pages, `kanal export` and menus offer what applies to a type."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kanal.core.context import today
from kanal.core.entity import Entity
from kanal.core.listing import Column, ListQuery
from kanal.kit.registries import Registry


def applies_to_all(entity: Entity) -> bool:
    """Return True: most formats can hold records of any type."""
    return True


@dataclass(frozen=True)
class ExportFormat:
    """A format of files.

    `key` names the format in addresses and commands, `label` its entry in the menu of a list. `write` yields the file
    in pieces, text or bytes, as rows are read: it gets the query and the columns that the reader may see. `applies`
    says for which types there is such a file.
    """

    key: str
    label: Any
    extension: str
    content_type: str
    write: Callable[[ListQuery, list[Column]], Iterator[str | bytes]]
    applies: Callable[[Entity], bool] = applies_to_all
    icon: str = "download"

    def file_name(self, entity: Entity) -> str:
        """Return what the file of a type is called, such as `leads-2026-11-30.csv`."""
        return f"{entity.key}-{today():%Y-%m-%d}.{self.extension}"


FORMATS: Registry[ExportFormat] = Registry("export formats", lambda export_format: export_format.content_type)


def register_format(export_format: ExportFormat) -> None:
    """Offer a format for export."""
    FORMATS.register(export_format.key, export_format)


def formats_of(entity: Entity) -> list[ExportFormat]:
    """Return the formats in which records of a type can be exported."""
    return [export_format for export_format in FORMATS.values() if export_format.applies(entity)]
