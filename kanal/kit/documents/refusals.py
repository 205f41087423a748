"""Why a document or a template is refused: the codes that a worker gives, and the words a user reads."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid

MESSAGES = {
    "not_docx": _("This is not a Word document (.docx)."),
    "not_plain_docx": _("Only plain Word documents (.docx) can be templates, none with macros and no .dotx."),
    "damaged": _("The Word document is damaged: %(detail)s"),
    "too_large": _("The Word document is too large, or grows too large."),
    "bomb": _("The Word document is packed in a way that only harmful files are."),
    "encrypted": _("The Word document is protected by a password."),
    "dtd": _("The Word document defines XML entities (in %(part)s), which only harmful files do."),
    "active": _("The Word document contains macros, scripts or embedded objects (%(part)s)."),
    "external": _("The Word document fetches something from elsewhere (%(target)s); embed it instead."),
    "link": _("The Word document contains a link of a kind that is not permitted (%(target)s)."),
    "field": _("The Word document contains a field that is not permitted (%(field)s)."),
    "token_place": _("Tokens cannot be used in this place of the document: %(part)s."),
    "syntax": _("The template has a mistake (%(place)s): %(detail)s"),
    "not_allowed": _("The template uses something that is not permitted: %(detail)s."),
    "unresolved": _("These tokens have no value: %(tokens)s."),
    "not_a_value": _("“%(token)s” is a group of values, not a value that can be written."),
    "structure": _("A condition or loop is not placed around whole rows or paragraphs, near: %(detail)s"),
    "failed": _("The document could not be made: %(detail)s"),
    "timeout": _("The template takes too long to fill in."),
    "busy": _("Too many documents are being made at this moment; try again shortly."),
}


class Refusal(Exception):
    """Carry a code and its details out of the worker, which knows no languages."""

    def __init__(self, code: str, **details: Any) -> None:
        self.code = code
        self.details = {name: str(value)[:500] for name, value in details.items()}
        super().__init__(code)


class DocumentRefused(Invalid):
    """Say why a template was refused or a document was not made (DOC-2, DOC-4)."""

    def __init__(self, code: str, details: dict[str, str] | None = None) -> None:
        self.code = code
        self.details = details or {}
        message = MESSAGES.get(code, MESSAGES["failed"])
        known = {"detail": "", "part": "", "target": "", "field": "", "token": "", "tokens": "", "place": ""}
        super().__init__(message % {**known, **self.details})
