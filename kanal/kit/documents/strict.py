"""Conversion of Strict Open XML (ISO/IEC 29500-1), which Word can save, to the transitional form (29500-4)."""

from __future__ import annotations

import re

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/([A-Za-z]+)/([A-Za-z]+)((?:/[A-Za-z]+)*)")
_TRANSITIONAL = b"http://schemas.openxmlformats.org/"
_CONFORMANCE = re.compile(rb"""\s(?:\w+:)?conformance=["']strict["']""")
# Names with a hyphen in the transitional form only.
_HYPHENATED = {b"extendedProperties": b"extended-properties", b"customProperties": b"custom-properties"}
_XML = (".xml", ".rels", ".vml")


def to_transitional(name: str, content: bytes) -> bytes:
    """Return a part with transitional namespaces and relationships. Other parts are returned unchanged."""
    if not name.lower().endswith(_XML) or b"purl.oclc.org/ooxml/" not in content:
        return content
    return _CONFORMANCE.sub(b"", _STRICT.sub(_renamed, content), count=1)


def _renamed(match: re.Match[bytes]) -> bytes:
    group, kind, rest = match[1], _HYPHENATED.get(match[2], match[2]), match[3]
    last = _HYPHENATED.get(rest.lstrip(b"/"), b"")
    return _TRANSITIONAL + group + b"/2006/" + kind + (b"/" + last if last else rest)
