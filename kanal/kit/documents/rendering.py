"""Checking and filling in a template; runs in the worker, never in the process that serves pages."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from docx.opc.constants import CONTENT_TYPE
from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SecurityError
from lxml import etree

from kanal.kit.documents.contents import check_fields, check_raw_tokens, mend
from kanal.kit.documents.environment import Sandbox
from kanal.kit.documents.package import MAX_FILE, check_package
from kanal.kit.documents.refusals import Refusal
from kanal.kit.documents.tokens import Source, Token, has_value, is_known, nearest, tokens_of

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

    def sources(self) -> Iterator[Source]:
        """Give every part in which tokens are replaced, as the engine sees it."""
        self.init_docx()
        yield self._source("document", self.get_xml())
        for name, uri in (("header", self.HEADER_URI), ("footer", self.FOOTER_URI)):
            for _key, part in self.get_headers_footers(uri):
                yield self._source(name, self.get_part_xml(part))
        for part in self.docx.part.package.parts:
            if part.content_type == CONTENT_TYPE.WML_FOOTNOTES:
                yield self._source("footnotes", part.blob.decode("utf-8"))
        texts = [str(getattr(self.docx.core_properties, name) or "") for name in _PROPERTIES]
        yield Source("properties", "\n".join(["", *(re.sub(r"\s+", " ", text) for text in texts)]))

    def _source(self, part: str, xml: str) -> Source:
        check_raw_tokens(xml)
        return Source(part, re.sub(r"<w:p([ >])", r"\n<w:p\1", self.patch_xml(xml)))


def render(data: bytes, context: dict[str, Any], language: str, sandbox: Sandbox) -> bytes:
    """Fill in a template; raise Refusal with what is wrong."""
    check_package(data)
    template = _Template(io.BytesIO(data))
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


def _refusal(error: Exception, place: str = "") -> Refusal:
    if isinstance(error, TemplateSyntaxError):
        return Refusal("syntax", detail=error.message or "", place=place or f"{error.lineno}")
    if isinstance(error, SecurityError):
        return Refusal("not_allowed", detail=error)
    if isinstance(error, etree.XMLSyntaxError):
        return Refusal("structure", detail=error)
    if isinstance(error, (MemoryError, RecursionError)):
        return Refusal("too_large")
    return Refusal("failed", detail=f"{type(error).__name__} {error}")


def check_template_tokens(data: bytes) -> None:
    """Refuse a template that writes raw markup."""
    for _source in _Template(io.BytesIO(data)).sources():
        pass


def _missing(data: bytes, context: dict[str, Any], sandbox: Sandbox) -> str:
    found, _errors = _tokens(data, sandbox)
    return ", ".join(dict.fromkeys(token.written for token in found if not has_value(token.path, context)))


def _tokens(data: bytes, sandbox: Sandbox) -> tuple[list[Token], list[dict[str, str]]]:
    found: list[Token] = []
    errors: list[dict[str, str]] = []
    for source in _Template(io.BytesIO(data)).sources():
        try:
            found += tokens_of(sandbox.parse(source.text), source)
            sandbox.compile(source.text)
        except TemplateError as error:
            line = getattr(error, "lineno", None) or 1
            number, text = source.paragraph(line)
            errors.append({"part": source.part, "paragraph": str(number), "text": text, "detail": error.message or ""})
    return found, errors


def check(data: bytes, known: list[str], sandbox: Sandbox) -> dict[str, Any]:
    """List a template's tokens, the unknown ones with their place and the nearest known one, and its mistakes."""
    check_package(data)
    try:
        found, errors = _tokens(data, sandbox)
    except _FAILURES as error:
        raise _refusal(error) from error
    if len(found) > _MAX_TOKENS:
        raise Refusal("too_large")
    names = set(known)
    unknown = [
        {
            "token": token.written,
            "part": token.part,
            "paragraph": str(token.paragraph),
            "text": token.text,
            "nearest": nearest(token, names),
        }
        for token in dict.fromkeys(found)
        if not is_known(token.path, names)
    ]
    return {"tokens": sorted({token.path for token in found}), "unknown": unknown, "errors": errors}
