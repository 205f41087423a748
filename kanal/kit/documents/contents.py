"""What stands inside a part of a Word document: fields, tokens and whole elements, checked and mended."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from kanal.kit.documents.refusals import Refusal

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FILLED = re.compile(r"wordprocessingml\.(document\.main|header|footer|footnotes|endnotes)\+xml$")
_TOKEN = re.compile(r"\{\{|\{%")
_RAW_TOKEN = re.compile(r"\{\{(?:r|p|tr|tc)\s")
_TEXTUAL = {f"{W}{name}" for name in ("t", "delText", "instrText", "delInstrText")}
# Fields that only show something of this document; the others read files, start programs or query databases.
_FIELDS = """
= author bibliography bookmark citation comments createdate date docproperty edittime filename filesize formcheckbox
formdropdown formtext hyperlink if index info keywords lastsavedby listnum noteref numchars numpages numwords page
pageref printdate ref revnum savedate section sectionpages seq styleref subject symbol ta tc template time title toa toc
xe
"""
_MERGE_FIELDS = {"mergefield", "mergerec", "mergeseq", "next", "nextif", "skipif", "addressblock", "greetingline"}
_PERMITTED_FIELDS = frozenset(_FIELDS.split())


def local_name(tag: Any) -> str:
    """Give the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def is_filled(content_type: str) -> bool:
    """Return whether tokens are replaced in a part of this type."""
    return bool(_FILLED.search(content_type))


def check_fields(tree: Any) -> None:
    """Refuse fields that reach out of the document (DDE, INCLUDETEXT, LINK, DATABASE, MACROBUTTON…)."""
    for instruction in _instructions(tree):
        word = re.match(r"\s*(=|[^\s\\\"]*)", instruction)
        if word is not None and word[1].lower() in _MERGE_FIELDS:
            raise Refusal("merge_field", field=instruction.strip()[:60])
        if word is None or word[1].lower() not in _PERMITTED_FIELDS:
            raise Refusal("field", field=instruction.strip()[:60])
        if word[1].lower() == "hyperlink" and re.search(
            r"\b(?:file|javascript|vbscript|data):|\\\\\\\\", instruction, re.I
        ):
            raise Refusal("link", target=instruction.strip()[:60])


def _instructions(tree: Any) -> Iterable[str]:
    """Gather each field's own words; a field within a field has its own."""
    open_fields: list[list[str]] = []
    for element in tree.iter():
        name = local_name(element.tag)
        if name == "fldSimple":
            yield element.get(f"{W}instr", "")
        elif name == "fldChar":
            kind = element.get(f"{W}fldCharType")
            if kind == "begin":
                open_fields.append([])
            elif kind == "end" and open_fields:
                yield "".join(open_fields.pop())
        elif name in ("instrText", "delInstrText"):
            if not open_fields:
                open_fields.append([])
            open_fields[-1].append(element.text or "")
    yield from ("".join(words) for words in open_fields)


def check_no_tokens(part: str, tree: Any) -> None:
    """Refuse tokens in a part where nobody would replace them, such as a comment or a chart."""
    if _TOKEN.search("".join(tree.itertext())):
        raise Refusal("token_place", part=part)


def check_raw_tokens(xml: str) -> None:
    """Refuse docxtpl's tokens for raw Word markup: values are plain, and the markup would be broken."""
    found = _RAW_TOKEN.search(re.sub(r"<[^>]+>", "", xml))
    if found:
        raise Refusal("not_allowed", detail=found[0])


def mend(tree: Any) -> None:
    """Make a filled-in part whole again: text only where text may be, a paragraph in each cell, no empty table."""
    for element in tree.iter(f"{W}*"):
        if element.tag not in _TEXTUAL:
            _check_no_text(element)
    _drop_without(tree, f"{W}tr", f".//{W}tc")
    _drop_without(tree, f"{W}tbl", f"{W}tr")
    for cell in tree.iter(f"{W}tc"):
        if len(cell) == 0 or cell[-1].tag != f"{W}p":
            cell.append(cell.makeelement(f"{W}p", {}))
    if local_name(tree.tag) in ("hdr", "ftr") and tree.find(f"{W}p") is None:
        tree.append(tree.makeelement(f"{W}p", {}))


def _drop_without(tree: Any, tag: str, needed: str) -> None:
    for element in [*tree.iter(tag)]:
        if element.find(needed) is None:
            element.getparent().remove(element)


def _check_no_text(element: Any) -> None:
    texts = [element.text, *(child.tail for child in element)]
    stray = next((text for text in texts if text and text.strip()), None)
    if stray:
        raise Refusal("structure", detail=stray.strip()[:80])
