"""A Word file as a zip of parts: opened within limits, rejected if it hides, fetches or runs something.

Content that documents don't need is removed: comments, the link to the attached template, the mail merge source.
Strict Open XML is converted to the transitional form that the libraries support.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException, DTDForbidden
from defusedxml.ElementTree import fromstring

from kanal.kit.documents.contents import check_fields, check_no_tokens, is_filled, local_name
from kanal.kit.documents.links import check_link
from kanal.kit.documents.omissions import leave_out
from kanal.kit.documents.refusals import Refusal
from kanal.kit.documents.strict import to_transitional

MAX_FILE = 10 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_PART = 20 * 1024 * 1024
MAX_PARTS = 2000
MAX_RATIO = 200
_RATIO_MATTERS_FROM = 1024 * 1024
_READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError)

_PLAIN_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ACTIVE_TYPE = re.compile(r"macro|vba|activex|oleobject|x-msdownload|javascript|vbscript|html", re.IGNORECASE)
_ACTIVE_NAME = re.compile(
    r"vbaproject|vbadata|(^|/)(embeddings|activex|customui)/"
    r"|\.(bin|exe|dll|js|vbs|ps1|bat|cmd|com|scr|hta|jar|msi|lnk|html?|mht|swf|ole|docm|dotm|xlsm)$",
    re.IGNORECASE,
)
_ACTIVE_RELATION = re.compile(
    r"/(oleObject|package|control|aFChunk|vbaProject|wordVbaData|activeXControlBinary|ui/.*|keyMapCustomizations)$",
    re.IGNORECASE,
)
_ACTIVE_ELEMENTS = {"OLEObject", "altChunk", "control", "subDoc", "script", "foreignObject"}
_XML = (".xml", ".rels", ".svg", ".vml", ".xhtml")


def open_package(data: bytes) -> tuple[dict[str, bytes], dict[str, int]]:
    """Return the parts of a plain Word document within the limits that neither runs nor fetches anything (DOC-4).

    Also returns the number of items removed by kind ("comments", "attached_template"). Raises Refusal.
    """
    parts = {name: to_transitional(name, content) for name, content in _unpack(data).items()}
    types = content_types(parts)
    _check_types(types)
    omitted = leave_out(parts)
    for name, content in parts.items():
        if _ACTIVE_NAME.search(name):
            raise Refusal("active", part=name)
        if name.lower().endswith(_XML) or content.lstrip()[:5] in (b"<?xml", b"<svg "):
            _check_xml(name, content, is_filled(types.get(name, "")))
    return parts, omitted


def content_types(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the content type of each part that declares its own, by part name."""
    declared = parts.get("[Content_Types].xml")
    if declared is None:
        raise Refusal("not_docx")
    return {
        item.get("PartName", "").lstrip("/") or f"*.{item.get('Extension', '')}": item.get("ContentType", "")
        for item in _tree("[Content_Types].xml", declared)
    }


def _unpack(data: bytes) -> dict[str, bytes]:
    if len(data) > MAX_FILE:
        raise Refusal("too_large")
    if not data.startswith(b"PK\x03\x04"):
        raise Refusal(_compound_kind(data) if data.startswith(b"\xd0\xcf\x11\xe0") else "not_docx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_all(archive)
    except _READ_ERRORS as error:
        raise Refusal("damaged", detail=type(error).__name__) from error


def _compound_kind(data: bytes) -> str:
    """Return whether a compound file is an old document or a new one with a password."""
    is_old = _name_in_compound("WordDocument") in data and _name_in_compound("EncryptedPackage") not in data
    return "old_word" if is_old else "encrypted"


def _name_in_compound(name: str) -> bytes:
    return name.encode("utf-16-le")


def _read_all(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > MAX_PARTS or len(set(names)) != len(names):
        raise Refusal("bomb")
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for entry in entries:
        _check_entry(entry)
        with archive.open(entry) as stream:
            content = stream.read(min(MAX_PART, left) + 1)
        left -= len(content)
        if len(content) > MAX_PART or left < 0:
            raise Refusal("too_large")
        if len(content) > _RATIO_MATTERS_FROM and len(content) > MAX_RATIO * max(entry.compress_size, 1):
            raise Refusal("bomb")
        parts[entry.filename] = content
    return parts


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if entry.flag_bits & 0x1:
        raise Refusal("encrypted")
    if name.startswith("/") or "\\" in name or ".." in name.split("/") or "\0" in name:
        raise Refusal("bomb")


def _check_types(types: dict[str, str]) -> None:
    declared = [*types.values()]
    if any(_ACTIVE_TYPE.search(kind) for kind in declared):
        macros = any("macroenabled" in kind.lower() for kind in declared)
        raise Refusal("not_plain_docx") if macros else Refusal("active", part="[Content_Types].xml")
    if _PLAIN_DOCUMENT not in declared:
        raise Refusal("not_plain_docx" if any("template.main" in kind for kind in declared) else "not_docx")


def _tree(name: str, content: bytes) -> Element:
    try:
        return fromstring(content, forbid_dtd=True)
    except (DTDForbidden, DefusedXmlException) as error:
        raise Refusal("dtd", part=name) from error
    except (ParseError, ValueError, LookupError) as error:
        raise Refusal("damaged", detail=name) from error


def _check_xml(name: str, content: bytes, has_tokens: bool) -> None:
    tree = _tree(name, content)
    if name.endswith(".rels"):
        for relation in tree:
            _check_relation(relation)
        return
    for element in tree.iter():
        if local_name(element.tag) in _ACTIVE_ELEMENTS:
            raise Refusal("active", part=f"{name}: {local_name(element.tag)}")
    if name.lower().endswith(".svg"):
        _check_drawing(name, tree)
    check_fields(tree)
    if name.startswith("word/") and not has_tokens:
        check_no_tokens(name, tree)


def _check_relation(relation: Element) -> None:
    kind, target = relation.get("Type", ""), relation.get("Target", "")
    if _ACTIVE_RELATION.search(kind):
        raise Refusal("active", part=target)
    if relation.get("TargetMode", "Internal").lower() != "external":
        return
    if not kind.endswith("/hyperlink"):
        raise Refusal("external", target=target)
    check_link(target)


def _check_drawing(name: str, tree: Element) -> None:
    """Reject a vector drawing that runs or loads something."""
    for element in tree.iter():
        for attribute, value in element.attrib.items():
            key = local_name(attribute).lower()
            if key.startswith("on"):
                raise Refusal("active", part=name)
            if key in ("href", "src") and not value.strip().startswith(("#", "data:image/")):
                raise Refusal("external", target=value)
