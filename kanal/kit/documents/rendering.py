"""Checking and rendering templates. Runs in the worker, never in the web process."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from typing import Any

from docx.opc.constants import CONTENT_TYPE
from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateRuntimeError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SecurityError
from lxml import etree

from kanal.kit.documents.contents import check_fields, check_raw_tokens, part_kind
from kanal.kit.documents.environment import Sandbox
from kanal.kit.documents.foreign import foreign_tokens
from kanal.kit.documents.links import fill_links, links_with_tokens
from kanal.kit.documents.mending import mend
from kanal.kit.documents.mistakes import Mistake, describe_template_error
from kanal.kit.documents.normalization import normalize, numbered
from kanal.kit.documents.package import MAX_FILE
from kanal.kit.documents.properties import fill_properties, property_texts
from kanal.kit.documents.refusals import Refusal
from kanal.kit.documents.structure import strip_tags, structure_of
from kanal.kit.documents.suggestions import member_of, suggest, suggest_list
from kanal.kit.documents.tokens import Source, Token, has_value, is_group, is_known, is_list, tokens_of

_MAX_XML = 30 * 1024 * 1024
_MAX_TOKENS = 2000


class _Template(DocxTemplate):
    """Render each part in the sandbox, and return only well-formed parts."""

    # The source and line where rendering failed.
    failed_at: tuple[Source, int] | None = None

    def render_xml_part(self, src_xml: str, part: Any, context: dict[str, Any], jinja_env: Any = None) -> str:
        try:
            filled = super().render_xml_part(src_xml, part, context, jinja_env)
        except (Refusal, TemplateError, *_FAILURES) as error:
            source = Source(part_kind(part.content_type), re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml))
            self.failed_at = (source, _line_of(error))
            raise
        if len(filled) > _MAX_XML:
            raise Refusal("too_large")
        tree = etree.fromstring(filled.encode())
        mend(tree)
        if "instrText" in filled or "fldSimple" in filled:
            check_fields(tree)
        return etree.tostring(tree, encoding="unicode")

    def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Render document properties and link targets, which are plain text."""
        jinja_env.autoescape = False
        package = self.docx.part.package

        def write(text: str) -> str:
            return str(jinja_env.from_string(text).render(context))

        try:
            fill_properties(package, write)
            fill_links(package, write)
        finally:
            jinja_env.autoescape = True

    def render_footnotes(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Render footnotes and endnotes."""
        for part in self._notes():
            xml = self.patch_xml(part.blob.decode("utf-8"))
            part._blob = self.render_xml_part(xml, part, context, jinja_env).encode("utf-8")

    def _notes(self) -> Iterator[Any]:
        for part in self.docx.part.package.parts:
            if part.content_type in (CONTENT_TYPE.WML_FOOTNOTES, CONTENT_TYPE.WML_ENDNOTES):
                yield part

    def sources(self) -> Iterator[Source]:
        """Yield every part whose tokens are replaced, as the engine reads it."""
        self.init_docx()
        yield self._source("document", self.get_xml())
        for name, uri in (("header", self.HEADER_URI), ("footer", self.FOOTER_URI)):
            for _key, part in self.get_headers_footers(uri):
                yield self._source(name, self.get_part_xml(part))
        for part in self._notes():
            yield self._source(part_kind(part.content_type), part.blob.decode("utf-8"))
        package = self.docx.part.package
        yield Source("properties", "\n".join(escape(text, quote=False) for text in property_texts(package)))
        yield Source(
            "link", "\n".join(escape(address, quote=False) for _relation, address in links_with_tokens(package))
        )

    def _source(self, part: str, xml: str) -> Source:
        check_raw_tokens(xml)
        return Source(part, re.sub(r"<w:p([ >])", r"\n<w:p\1", self.patch_xml(xml)))


def _line_of(error: Exception) -> int:
    """Return the template line where rendering failed."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        if "__jinja_exception__" in trace.tb_frame.f_globals:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def render(data: bytes, context: dict[str, Any], language: str, sandbox: Sandbox) -> bytes:
    """Render a template. Raise Refusal with the reason if it fails."""
    template = _Template(io.BytesIO(normalize(data).data))
    sandbox.language = language
    try:
        template.render(context, jinja_env=sandbox, autoescape=True)
    except (Refusal, TemplateError, etree.XMLSyntaxError, *_FAILURES) as error:
        check_template_tokens(data)
        refusal = _refusal(error, data, context, sandbox)
        refusal.details |= _place_of_failure(data, context, sandbox)
        raise refusal from error
    out = io.BytesIO()
    template.save(out)
    if out.tell() > 2 * MAX_FILE:
        raise Refusal("too_large")
    return out.getvalue()


_FAILURES = (ArithmeticError, ValueError, TypeError, KeyError, LookupError, AttributeError, RecursionError, MemoryError)


def _refusal(error: Exception, data: bytes, context: dict[str, Any], sandbox: Sandbox) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, UndefinedError):
        missing = _missing(data, context, sandbox)
        number = re.search(r"has no (?:attribute|element) '?(\d+)", str(error))
        if number and not missing:
            return Refusal("no_such_item", number=int(number[1]) + 1)
        return Refusal("unresolved", tokens=missing or error)
    if isinstance(error, (TemplateSyntaxError, TemplateRuntimeError)) and not isinstance(error, SecurityError):
        code, details = describe_template_error(error)
        return Refusal(code, **details)
    return _common_refusal(error)


def _common_refusal(error: Exception) -> Refusal:
    if isinstance(error, SecurityError):
        return Refusal("not_allowed", detail=error)
    if isinstance(error, etree.XMLSyntaxError):
        return Refusal("misplaced")
    if isinstance(error, (MemoryError, RecursionError)):
        return Refusal("too_large")
    if isinstance(error, (ArithmeticError, TypeError)):
        return Refusal("computation")
    return Refusal("unreadable")


def _place_of_failure(data: bytes, context: dict[str, Any], sandbox: Sandbox) -> dict[str, str]:
    """Return where rendering fails, located by rendering again with numbered paragraphs."""
    template = _Template(io.BytesIO(numbered(data).data))
    with suppress(Refusal, TemplateError, etree.XMLSyntaxError, *_FAILURES):
        template.render(context, jinja_env=sandbox, autoescape=True)
    if template.failed_at is None or not template.failed_at[1]:
        return {}
    source, line = template.failed_at
    number, text = source.paragraph(line)
    return {"place_part": source.part, "place_paragraph": str(number), "place_text": text}


def check_template_tokens(data: bytes) -> None:
    """Reject templates that write raw markup."""
    for _source in _Template(io.BytesIO(numbered(data).data)).sources():
        pass


def _missing(data: bytes, context: dict[str, Any], sandbox: Sandbox) -> str:
    report = _read(data, sandbox)
    return ", ".join(dict.fromkeys(token.written for token in report.tokens if not has_value(token.path, context)))


@dataclass
class _Reading:
    """The contents of a template: its tokens, errors with their locations, and full text."""

    tokens: list[Token] = field(default_factory=list)
    mistakes: list[dict[str, Any]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    omitted: dict[str, int] = field(default_factory=dict)


def _read(data: bytes, sandbox: Sandbox) -> _Reading:
    normalized = numbered(data)
    reading = _Reading(omitted=normalized.omitted)
    for source in _Template(io.BytesIO(normalized.data)).sources():
        structure = structure_of(source.text, sandbox.parse)
        mistakes = [_at(source, line, mistake) for line, mistake in structure.mistakes]
        reading.texts.append(strip_tags(source.text))
        if structure.text is not None:
            try:
                reading.tokens += tokens_of(sandbox.parse(structure.text), source)
                sandbox.compile(structure.text)
            except TemplateError as error:
                mistakes = mistakes or [
                    _at(source, getattr(error, "lineno", None) or 1, describe_template_error(error))
                ]
        reading.mistakes += mistakes
    reading.mistakes += [
        {"part": part, "paragraph": str(number), "text": text, "code": code, "details": {}}
        for part, number, text, code in normalized.torn
    ]
    return reading


def _at(source: Source, line: int, mistake: Mistake) -> dict[str, Any]:
    number, text = source.paragraph(line)
    code, details = mistake
    return {"part": source.part, "paragraph": str(number), "text": text, "code": code, "details": details}


def inspect_template(data: bytes, known: list[str], sandbox: Sandbox) -> dict[str, Any]:
    """Return a template's tokens, unknown tokens with location and suggestion, errors and warnings (DOC-2)."""
    try:
        reading = _read(data, sandbox)
    except _FAILURES as error:
        raise _common_refusal(error) from error
    if len(reading.tokens) > _MAX_TOKENS:
        raise Refusal("too_large")
    names = set(known)
    tokens = list(dict.fromkeys(reading.tokens))
    return {
        "tokens": sorted({token.path for token in tokens}),
        "unknown": [*_unknown(tokens, names)],
        "errors": [*reading.mistakes, *_misused(tokens, names)],
        "remarks": [*_remarks(reading, names)],
    }


def _unknown(tokens: list[Token], known: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the unknown tokens, except those within loops over values that aren't lists."""
    no_lists = tuple(f"{token.path}[]" for token in tokens if token.use == "list" and not is_list(token.path, known))
    for token in tokens:
        if not is_known(token.path, known) and not token.path.startswith(no_lists):
            place = {"part": token.part, "paragraph": str(token.paragraph), "text": token.text}
            near = suggest_list(token.path, known) if token.use == "list" else ""
            yield {"token": token.written, "nearest": near or suggest(token.path, token.written, known), **place}


def _misused(tokens: list[Token], known: set[str]) -> Iterator[dict[str, Any]]:
    """Yield groups that are used as values, and loops over values that aren't lists."""
    for token in tokens:
        details = {"token": token.written}
        if token.use == "list" and is_known(token.path, known) and not is_list(token.path, known):
            code = "not_a_list"
        elif token.use == "written" and is_group(token.path, known):
            details["nearest"] = member_of(token.path, token.written, known)
            code = "group_like" if details["nearest"] else "group"
        else:
            continue
        place = {"part": token.part, "paragraph": str(token.paragraph), "text": token.text}
        yield {**place, "code": code, "details": details}


def _remarks(reading: _Reading, known: set[str]) -> Iterator[Mistake]:
    for text in reading.texts:
        for token, nearest in foreign_tokens(text, known):
            yield ("foreign_known" if nearest else "foreign"), {"token": token, "nearest": nearest}
    if not reading.tokens and not reading.mistakes:
        yield "no_tokens", {}
    for kind, count in reading.omitted.items():
        yield kind, {"count": str(count)}
