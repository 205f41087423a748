"""Checks of the fields and tokens in a part of a Word document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from kanal.kit.documents.refusals import Refusal

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FILLED = re.compile(r"wordprocessingml\.(document\.main|header|footer|footnotes|endnotes)\+xml$")
_TOKEN = re.compile(r"\{\{|\{%")
_RAW_TOKEN = re.compile(r"\{\{(?:r|p|tr|tc)\s")
# Fields that only display something of this document. Others read files, start programs or query databases.
_FIELDS = """
= advance author autonum autonumlgl autonumout bibliography bookmark citation comments compare createdate date
displaybarcode docproperty docvariable edittime eq filename filesize formcheckbox formdropdown formtext gotobutton
hyperlink if index info keywords lastsavedby listnum noteref numchars numpages numwords page pageref printdate private
quote ref revnum savedate section sectionpages seq set shape styleref subject symbol ta tc template time title toa toc
useraddress userinitials username xe
"""
_MERGE_FIELDS = {"mergefield", "mergerec", "mergeseq", "next", "nextif", "skipif", "addressblock", "greetingline"}
_PERMITTED_FIELDS = frozenset(_FIELDS.split())


# A tag of a part whose tokens are spelled as the engine reads them, with characters such as "<".
TAG = re.compile(r"</?[A-Za-z][\w:.-]*(?:\s+[\w:.-]+=\"[^\"]*\")*\s*/?>|<[?!][^>]*>")


def local_name(tag: Any) -> str:
    """Return the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def is_filled(content_type: str) -> bool:
    """Return whether tokens are replaced in parts of this content type."""
    return bool(_FILLED.search(content_type))


def part_kind(content_type: str) -> str:
    """Return the kind of a part ("document", "header" …) if its tokens are replaced, else ""."""
    match = _FILLED.search(content_type)
    return match[1].removesuffix(".main") if match else ""


def check_fields(tree: Any) -> None:
    """Reject fields that reach outside the document (DDE, INCLUDETEXT, LINK, DATABASE, MACROBUTTON…)."""
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
    """Return the instructions of each field, without those of nested fields."""
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
    """Reject tokens in a part where they're never replaced, such as a comment or a chart."""
    if _TOKEN.search("".join(tree.itertext())):
        raise Refusal("token_place", part=part)


def check_raw_tokens(xml: str) -> None:
    """Reject docxtpl's tokens for raw Word markup: values are plain and would break the markup."""
    match = _RAW_TOKEN.search(TAG.sub("", xml))
    if match:
        raise Refusal("not_allowed", detail=match[0])
