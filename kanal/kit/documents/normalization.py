"""Normalization of uploaded templates for the engine: done once per upload and cached.

Accepts tracked changes, removes comments and links to the author's files, spells tokens as the engine requires and
moves loops around rows. The uploaded file itself never changes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kanal.kit.documents.contents import W, part_kind
from kanal.kit.documents.package import content_types, open_package
from kanal.kit.documents.paragraphs import NUMBER, text_paragraphs
from kanal.kit.documents.revisions import accept_revisions, drop_comment_marks
from kanal.kit.documents.statements import lift_statements
from kanal.kit.documents.styles import listed_styles
from kanal.kit.documents.typography import TOKEN, straighten
from kanal.kit.documents.xml import parse, prefixed, serialize

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_MOST_KEPT = 8
_TEXT_LENGTH = 90
_Edit = Callable[[Any, "Normalized"], None]


@dataclass(slots=True)
class Normalized:
    """A template that is ready to render. `omitted` counts what was removed, by kind.

    `torn` are the paragraphs of each part where an invalid loop or condition begins, with the error code. `listed` are
    the paragraph styles with bullets or numbers.
    """

    data: bytes = b""
    omitted: dict[str, int] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()
    torn: list[tuple[str, int, str, str]] = field(default_factory=list)
    part: str = ""


@lru_cache(maxsize=_MOST_KEPT)
def normalize(data: bytes) -> Normalized:
    """Return an uploaded template in the form that is rendered. Raise Refusal if the file is rejected."""
    return _edited(data, _make_readable)


def numbered(data: bytes) -> Normalized:
    """Return the same with paragraph numbers as attributes, so that errors can be located.

    Text box fallbacks for older programs repeat the same tokens and are removed.
    """

    def edit(tree: Any, result: Normalized) -> None:
        for fallback in [*tree.iter(f"{MC}Fallback")]:
            if fallback.getparent().find(f"{MC}Choice") is not None:
                fallback.getparent().remove(fallback)
        for number, paragraph in enumerate(tree.iter(f"{W}p"), start=1):
            paragraph.set(NUMBER, str(number))
        _make_readable(tree, result)

    return _edited(data, edit)


def _edited(data: bytes, edit: _Edit) -> Normalized:
    parts, omitted = open_package(data)
    types = content_types(parts)
    result = Normalized(omitted=omitted, listed=listed_styles(parts))
    for name, content in parts.items():
        result.part = part_kind(types.get(name, ""))
        if result.part:
            tree = prefixed(parse(name, content), "w", W.strip("{}"))
            edit(tree, result)
            parts[name] = serialize(tree)
    result.data = _zipped(parts)
    return result


def _make_readable(tree: Any, result: Normalized) -> None:
    revisions = accept_revisions(tree)
    if revisions:
        result.omitted["revisions"] = result.omitted.get("revisions", 0) + revisions
    drop_comment_marks(tree)
    _unbind(tree)
    _add_grids(tree)
    for text in [*text_paragraphs(tree), *text_paragraphs(tree, "instrText")]:
        straighten(text)
    for paragraph, code in lift_statements(tree, result.listed):
        words = "".join(node.text or "" for node in paragraph.iter(f"{W}t")).strip()
        result.torn.append((result.part, int(paragraph.get(NUMBER, 0)), words[:_TEXT_LENGTH], code))


def _unbind(tree: Any) -> None:
    """Detach content controls with tokens from the stored data that Word would show instead."""
    for binding in [*tree.iter(f"{W}dataBinding", f"{W15}dataBinding")]:
        control = next(binding.iterancestors(f"{W}sdt"), None)
        if control is not None and TOKEN.search("".join(node.text or "" for node in control.iter(f"{W}t"))):
            binding.getparent().remove(binding)


def _add_grids(tree: Any) -> None:
    """Add the column grid that docxtpl and Word expect to tables of other programs."""
    for table in tree.iter(f"{W}tbl"):
        if table.find(f"{W}tblGrid") is None:
            grid = table.makeelement(f"{W}tblGrid", {})
            grid.extend(grid.makeelement(f"{W}gridCol", {}) for _cell in table.findall(f"{W}tr[1]/{W}tc"))
            table.insert(0 if table.find(f"{W}tblPr") is None else 1, grid)


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
