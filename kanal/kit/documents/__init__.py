"""Word documents from templates that users upload: checked, filled in by a bounded worker, made into PDF (DOC-1…4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from kanal.kit.documents import pool
from kanal.kit.documents.pdf import makes_pdf, to_pdf
from kanal.kit.documents.quotetemplate import QUOTE_TOKENS, default_template
from kanal.kit.documents.refusals import MISTAKES, REMARKS, DocumentRefused, place_of, worded
from kanal.kit.documents.wire import encode

__all__ = [
    "QUOTE_TOKENS",
    "DocumentRefused",
    "TemplateReport",
    "UnknownToken",
    "check_template",
    "default_template",
    "makes_pdf",
    "render",
    "to_pdf",
    "warm",
]


@dataclass(frozen=True, slots=True)
class UnknownToken:
    """Hold a token that nobody knows, where it stands, and the known one nearest to it ("" if none is near)."""

    token: str
    place: str
    nearest: str


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """What a template uses (paths such as "items[].name"), what is wrong with it, and what its author should know."""

    tokens: tuple[str, ...]
    unknown: tuple[UnknownToken, ...]
    errors: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Return whether documents can be made from it."""
        return not self.unknown and not self.errors


def check_template(template: bytes, known: Collection[str]) -> TemplateReport:
    """List a template's tokens against the known paths; raise DocumentRefused if the file itself is refused."""
    head, _body = _ask({"job": "check", "known": sorted(known)}, template)
    report = head["report"]
    unknown = tuple(UnknownToken(item["token"], place_of(item), item["nearest"]) for item in report["unknown"])
    errors = tuple(f"{place_of(item)}: {worded(MISTAKES, item['code'], item['details'])}" for item in report["errors"])
    remarks = tuple(worded(REMARKS, code, details) for code, details in report["remarks"])
    return TemplateReport(tuple(report["tokens"]), unknown, errors, remarks)


def render(template: bytes, context: Mapping[str, Any], language: str) -> bytes:
    """Fill in a template with plain values (texts, decimals, dates, lists and mappings of them), never with models.

    Raises DocumentRefused; a document with an unresolved token is never made.
    """
    _head, body = _ask({"job": "render", "language": language, "context": encode(dict(context))}, template)
    return body


def warm() -> None:
    """Start a worker ahead of the first document."""
    pool.current().warm()


def _ask(head: dict[str, Any], template: bytes) -> tuple[dict[str, Any], bytes]:
    answer, body = pool.current().ask(head, template)
    if "refused" in answer:
        raise DocumentRefused(answer["refused"], answer.get("details"))
    return answer, body
