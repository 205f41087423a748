"""Word documents from uploaded templates: checked, rendered by a sandboxed worker, converted to PDF (DOC-1…4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from kanal.kit.documents import pool
from kanal.kit.documents.pdf import makes_pdf, to_pdf
from kanal.kit.documents.quotetemplate import QUOTE_TOKENS, default_template
from kanal.kit.documents.refusals import MISTAKES, REMARKS, DocumentRefused, format_location, worded
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
    """Describe an unknown token: its location and the most similar known token ("" if there is none)."""

    token: str
    place: str
    nearest: str


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """Describe a template: the paths it uses (such as "items[].name"), its errors and warnings."""

    tokens: tuple[str, ...]
    unknown: tuple[UnknownToken, ...]
    errors: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Return whether the template can produce documents."""
        return not self.unknown and not self.errors


def check_template(template: bytes, known: Collection[str]) -> TemplateReport:
    """Check a template's tokens against the known paths. Raise DocumentRefused if the file itself is rejected."""
    head, _body = _ask({"job": "check", "known": sorted(known)}, template)
    report = head["report"]
    unknown = tuple(UnknownToken(item["token"], format_location(item), item["nearest"]) for item in report["unknown"])
    errors = tuple(
        f"{format_location(item)}: {worded(MISTAKES, item['code'], item['details'])}" for item in report["errors"]
    )
    remarks = tuple(worded(REMARKS, code, details) for code, details in report["remarks"])
    return TemplateReport(tuple(report["tokens"]), unknown, errors, remarks)


def render(template: bytes, context: Mapping[str, Any], language: str) -> bytes:
    """Render a template with plain values (texts, decimals, dates, lists and mappings of them), never models.

    Raises DocumentRefused. Never returns a document with an unresolved token.
    """
    _head, body = _ask({"job": "render", "language": language, "context": encode(dict(context))}, template)
    return body


def warm() -> None:
    """Start a worker before the first document is requested."""
    pool.current_pool().warm()


def _ask(head: dict[str, Any], template: bytes) -> tuple[dict[str, Any], bytes]:
    answer, body = pool.current_pool().ask(head, template)
    if "refused" in answer:
        raise DocumentRefused(answer["refused"], answer.get("details"))
    return answer, body
