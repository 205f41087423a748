"""Checking and filling in a template; runs in the worker, never in the process that serves pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from docx.opc.constants import CONTENT_TYPE
from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SecurityError
from lxml import etree

from kanal.kit.documents.contents import check_fields, check_raw_tokens, mend
from kanal.kit.documents.environment import Sandbox
from kanal.kit.documents.foreign import foreign_tokens
from kanal.kit.documents.mistakes import Mistake, explain, filter_mistakes, unclosed_tokens
from kanal.kit.documents.normalization import normalize, numbered
from kanal.kit.documents.package import MAX_FILE
from kanal.kit.documents.refusals import Refusal
from kanal.kit.documents.suggestions import suggest
from kanal.kit.documents.tokens import Source, Token, has_value, is_known, tokens_of

_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
_MAX_XML = 30 * 1024 * 1024
_MAX_TOKENS = 2000


class _Template(DocxTemplate):
    """Fill in each part in the sandbox, and give back only sound parts."""

    def render_xml_part(self, src_xml: str, part: Any, context: dict[str, Any], jinja_env: Any = None) -> str:
        filled = super().render_xml_part(src_xml, part, context, jinja_env)
        if len(filled) > _MAX_XML:
            raise Refusal("too_large")
        tree = etree.fromstring(filled.encode())
        mend(tree)
        if "instrText" in filled or "fldSimple" in filled:
            check_fields(tree)
        return etree.tostring(tree, encoding="unicode")

    def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        # Properties are plain text: python-docx escapes them itself.
        jinja_env.autoescape = False
        try:
            super().render_properties(context, jinja_env)
        finally:
            jinja_env.autoescape = True

    def render_footnotes(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Fill in footnotes and endnotes."""
        for part in self._notes():
            xml = self.patch_xml(part.blob.decode("utf-8"))
            part._blob = self.render_xml_part(xml, part, context, jinja_env).encode("utf-8")

    def _notes(self) -> Iterator[Any]:
        for part in self.docx.part.package.parts:
            if part.content_type in (CONTENT_TYPE.WML_FOOTNOTES, CONTENT_TYPE.WML_ENDNOTES):
                yield part

    def sources(self) -> Iterator[Source]:
        """Give every part in which tokens are replaced, as the engine sees it."""
        self.init_docx()
        yield self._source("document", self.get_xml())
        for name, uri in (("header", self.HEADER_URI), ("footer", self.FOOTER_URI)):
            for _key, part in self.get_headers_footers(uri):
                yield self._source(name, self.get_part_xml(part))
        for part in self._notes():
            name = "footnotes" if part.content_type == CONTENT_TYPE.WML_FOOTNOTES else "endnotes"
            yield self._source(name, part.blob.decode("utf-8"))
        texts = [str(getattr(self.docx.core_properties, name) or "") for name in _PROPERTIES]
        yield Source("properties", "\n".join(["", *(re.sub(r"\s+", " ", text) for text in texts)]))

    def _source(self, part: str, xml: str) -> Source:
        check_raw_tokens(xml)
        return Source(part, re.sub(r"<w:p([ >])", r"\n<w:p\1", self.patch_xml(xml)))


def render(data: bytes, context: dict[str, Any], language: str, sandbox: Sandbox) -> bytes:
    """Fill in a template; raise Refusal with what is wrong."""
    template = _Template(io.BytesIO(normalize(data).data))
    sandbox.language = language
    try:
        template.render(context, jinja_env=sandbox, autoescape=True)
    except UndefinedError as error:
        missing = _missing(data, context, sandbox) or str(error)
        raise Refusal("unresolved", tokens=missing) from error
    except (TemplateError, etree.XMLSyntaxError, *_FAILURES) as error:
        check_template_tokens(data)
        raise _refusal(error) from error
    out = io.BytesIO()
    template.save(out)
    if out.tell() > 2 * MAX_FILE:
        raise Refusal("too_large")
    return out.getvalue()


_FAILURES = (ArithmeticError, ValueError, TypeError, KeyError, LookupError, AttributeError, RecursionError, MemoryError)


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, TemplateSyntaxError):
        code, details = explain(error)
        return Refusal(code, **details)
    if isinstance(error, SecurityError):
        return Refusal("not_allowed", detail=error)
    if isinstance(error, etree.XMLSyntaxError):
        return Refusal("misplaced")
    if isinstance(error, (MemoryError, RecursionError)):
        return Refusal("too_large")
    if isinstance(error, (ArithmeticError, TypeError)):
        return Refusal("computation")
    return Refusal("unreadable")


def check_template_tokens(data: bytes) -> None:
    """Refuse a template that writes raw markup."""
    for _source in _Template(io.BytesIO(numbered(data).data)).sources():
        pass


def _missing(data: bytes, context: dict[str, Any], sandbox: Sandbox) -> str:
    report = _read(data, sandbox)
    return ", ".join(dict.fromkeys(token.written for token in report.tokens if not has_value(token.path, context)))


@dataclass
class _Reading:
    """What is found in a template: its tokens, its mistakes with their places, and all of its text."""

    tokens: list[Token] = field(default_factory=list)
    mistakes: list[dict[str, Any]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    omitted: dict[str, int] = field(default_factory=dict)


def _read(data: bytes, sandbox: Sandbox) -> _Reading:
    normalized = numbered(data)
    reading = _Reading(omitted=normalized.omitted)
    for source in _Template(io.BytesIO(normalized.data)).sources():
        unclosed = _unclosed(source)
        reading.mistakes += unclosed
        reading.texts.append(_plain(source.text))
        try:
            tree = sandbox.parse(source.text)
            reading.tokens += tokens_of(tree, source)
            reading.mistakes += [_at(source, line, mistake) for line, mistake in filter_mistakes(tree)]
            sandbox.compile(source.text)
        except TemplateError as error:
            if not unclosed:
                reading.mistakes.append(_at(source, getattr(error, "lineno", None) or 1, explain(error)))
    return reading


def _unclosed(source: Source) -> list[dict[str, Any]]:
    return [
        _at(source, line, ("unclosed", {"token": token}))
        for line, text in enumerate(source.text.splitlines(), start=1)
        for token in unclosed_tokens(_plain(text))
    ]


def _plain(xml: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", xml))


def _at(source: Source, line: int, mistake: Mistake) -> dict[str, Any]:
    number, text = source.paragraph(line)
    code, details = mistake
    return {"part": source.part, "paragraph": str(number), "text": text, "code": code, "details": details}


def check(data: bytes, known: list[str], sandbox: Sandbox) -> dict[str, Any]:
    """Return a template's tokens, the unknown ones with place and suggestion, its mistakes, and remarks (DOC-2)."""
    try:
        reading = _read(data, sandbox)
    except _FAILURES as error:
        raise _refusal(error) from error
    if len(reading.tokens) > _MAX_TOKENS:
        raise Refusal("too_large")
    names = set(known)
    unknown = [
        {
            "token": token.written,
            "part": token.part,
            "paragraph": str(token.paragraph),
            "text": token.text,
            "nearest": suggest(token.path, token.written, names),
        }
        for token in dict.fromkeys(reading.tokens)
        if not is_known(token.path, names)
    ]
    return {
        "tokens": sorted({token.path for token in reading.tokens}),
        "unknown": unknown,
        "errors": reading.mistakes,
        "remarks": [*_remarks(reading, names)],
    }


def _remarks(reading: _Reading, known: set[str]) -> Iterator[Mistake]:
    for text in reading.texts:
        for token, nearest in foreign_tokens(text, known):
            yield ("foreign_known" if nearest else "foreign"), {"token": token, "nearest": nearest}
    if not reading.tokens and not reading.mistakes:
        yield "no_tokens", {}
    for kind, count in reading.omitted.items():
        yield kind, {"count": str(count)}
