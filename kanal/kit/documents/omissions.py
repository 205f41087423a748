"""What a template holds that no document of a customer needs, left out: comments, attached template, mail merge."""

from __future__ import annotations

import posixpath
import re

from lxml import etree

from kanal.kit.documents.xml import parse, serialize

# Relationships of settings.xml to files on the author's machine; Word itself opens a document without them.
_ATTACHED = re.compile(r"/(attachedTemplate|mailMergeSource|mailMergeHeaderSource|recipientData)$")
_COMMENTS = re.compile(r"/(comments|commentsExtended|commentsIds|commentsExtensible|people)$")
_SETTINGS_ELEMENTS = {"attachedTemplate", "mailMerge"}
_SETTINGS = re.compile(r"(^|/)settings\.xml$")
_TYPES = "[Content_Types].xml"


def leave_out(parts: dict[str, bytes]) -> dict[str, int]:
    """Remove in place what is not needed; return how much of each kind there was."""
    omitted: dict[str, int] = {}
    for name in [one for one in parts if one.endswith(".rels")]:
        tree = parse(name, parts[name])
        attached = [relation for relation in tree if _ATTACHED.search(relation.get("Type", ""))]
        comments = [relation for relation in tree if _COMMENTS.search(relation.get("Type", ""))]
        if not attached and not comments:
            continue
        for relation in comments:
            _drop_part(parts, _target(name, relation.get("Target", "")), omitted)
        for relation in [*attached, *comments]:
            tree.remove(relation)
        if attached:
            omitted["attached_template"] = omitted.get("attached_template", 0) + len(attached)
            _clean_settings(parts, _source(name))
        parts[name] = serialize(tree)
    return omitted


def _source(rels: str) -> str:
    """Return the part to which a file of relationships belongs."""
    folder = posixpath.dirname(posixpath.dirname(rels))
    return posixpath.join(folder, posixpath.basename(rels).removesuffix(".rels"))


def _target(rels: str, target: str) -> str:
    base = posixpath.dirname(_source(rels))
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))


def _drop_part(parts: dict[str, bytes], name: str, omitted: dict[str, int]) -> None:
    content = parts.pop(name, None)
    if content is None:
        return
    count = len(re.findall(rb"<(?:\w+:)?comment[ >]", content))
    if count:
        omitted["comments"] = omitted.get("comments", 0) + count
    folder, own = posixpath.split(name)
    parts.pop(f"{folder}/_rels/{own}.rels", None)
    types = parse(_TYPES, parts[_TYPES])
    for item in types:
        if item.get("PartName", "").lstrip("/") == name:
            types.remove(item)
    parts[_TYPES] = serialize(types)


def _clean_settings(parts: dict[str, bytes], name: str) -> None:
    if not _SETTINGS.search(name) or name not in parts:
        return
    tree = parse(name, parts[name])
    for element in [*tree]:
        if isinstance(element.tag, str) and etree.QName(element).localname in _SETTINGS_ELEMENTS:
            tree.remove(element)
    parts[name] = serialize(tree)
