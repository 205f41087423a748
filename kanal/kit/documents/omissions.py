"""Removal of template content that a customer's document doesn't need.

Comments, the attached template, the mail merge source, building blocks (AutoText) and workbooks behind charts.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import Any

from lxml import etree

from kanal.kit.documents.xml import parse, serialize

# Relationships of settings.xml to files on the author's machine. Word opens a document without them.
_ATTACHED = re.compile(r"/(attachedTemplate|mailMergeSource|mailMergeHeaderSource|recipientData)$")
# Comments and their related parts, and building blocks (AutoText).
_NEEDLESS = re.compile(r"/(comments|commentsExtended|commentsIds|commentsExtensible|people|glossaryDocument)$")
_WORKBOOK = re.compile(r"/(package|oleObject)$")
_CHART = re.compile(r"(^|/)charts/[^/]+$")
_SETTINGS_ELEMENTS = {"attachedTemplate", "mailMerge"}
_SETTINGS = re.compile(r"(^|/)settings\.xml$")
_TYPES = "[Content_Types].xml"


def leave_out(parts: dict[str, bytes]) -> dict[str, int]:
    """Remove unneeded parts in place and return the number removed by kind."""
    omitted: dict[str, int] = {}
    for name in [part for part in parts if part.endswith(".rels")]:
        if name in parts:
            _leave_out(parts, name, omitted)
    return omitted


def _leave_out(parts: dict[str, bytes], name: str, omitted: dict[str, int]) -> None:
    tree = parse(name, parts[name])
    source = _source(name)
    attached, workbooks = _related(tree, _ATTACHED), _related(tree, _WORKBOOK) if _CHART.search(source) else []
    inner = [*_related(tree, _NEEDLESS), *workbooks]
    if not attached and not inner:
        return
    _drop_targets(parts, name, inner, omitted)
    for relation in [*attached, *inner]:
        tree.remove(relation)
    for kind, removed in (("attached_template", attached), ("workbooks", workbooks)):
        if removed:
            omitted[kind] = omitted.get(kind, 0) + len(removed)
    if attached and _SETTINGS.search(source):
        _clean(parts, source, _SETTINGS_ELEMENTS)
    if workbooks:
        _clean(parts, source, {"externalData"})
    parts[name] = serialize(tree)


def _related(tree: Any, kind: re.Pattern[str]) -> list[Any]:
    return [relation for relation in tree if kind.search(relation.get("Type", ""))]


def _source(rels: str) -> str:
    """Return the part that a relationships file belongs to."""
    folder = posixpath.dirname(posixpath.dirname(rels))
    return posixpath.join(folder, posixpath.basename(rels).removesuffix(".rels"))


def _target(rels: str, target: str) -> str:
    base = posixpath.dirname(_source(rels))
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))


def _drop_targets(parts: dict[str, bytes], name: str, relations: Iterable[Any], omitted: dict[str, int]) -> None:
    for relation in relations:
        if relation.get("TargetMode") != "External":
            _drop_part(parts, _target(name, relation.get("Target", "")), omitted)


def _drop_part(parts: dict[str, bytes], name: str, omitted: dict[str, int]) -> None:
    content = parts.pop(name, None)
    if content is None:
        return
    count = len(re.findall(rb"<(?:\w+:)?comment[ >]", content))
    if count:
        omitted["comments"] = omitted.get("comments", 0) + count
    folder, own = posixpath.split(name)
    rels = f"{folder}/_rels/{own}.rels"
    if rels in parts:
        _drop_targets(parts, rels, parse(rels, parts.pop(rels)), omitted)
    types = parse(_TYPES, parts[_TYPES])
    for item in [*types]:
        if item.get("PartName", "").lstrip("/") == name:
            types.remove(item)
    parts[_TYPES] = serialize(types)


def _clean(parts: dict[str, bytes], name: str, elements: set[str]) -> None:
    if name not in parts:
        return
    tree = parse(name, parts[name])
    for element in [*tree]:
        if isinstance(element.tag, str) and etree.QName(element).localname in elements:
            tree.remove(element)
    parts[name] = serialize(tree)
