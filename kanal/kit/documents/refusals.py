"""Why a document or a template is refused: the codes that a worker gives, and the words a user reads."""

from __future__ import annotations

from collections import defaultdict
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
    "merge_field": _(
        "“%(field)s” is a merge field of Word, which stays empty here: write a token such as {{ account.name }}."
    ),
    "token_place": _("Tokens cannot be used in this place of the document: %(part)s."),
    "syntax": _("The template has a mistake: %(detail)s"),
    "not_allowed": _("The template uses something that is not permitted: %(detail)s."),
    "unresolved": _("These tokens have no value: %(tokens)s."),
    "not_a_value": _("“%(token)s” is a group of values, not a value that can be written."),
    "structure": _("A condition or loop is not placed around whole rows or paragraphs, near: %(detail)s"),
    "misplaced": _("A condition or loop begins in a table and ends outside of it, or the other way round."),
    "failed": _("The document could not be made: %(detail)s"),
    "unreadable": _("The Word document can't be read: open it in Word, save it as a new .docx and upload that."),
    "computation": _("A token computes something impossible, such as a division by zero or a sum of texts."),
    "timeout": _("The template takes too long to fill in."),
    "busy": _("Too many documents are being made at this moment; try again shortly."),
}


# What is wrong inside a template that is a sound file; these stand in its report, and in a refusal to fill it in.
MISTAKES = {
    "unclosed_block": _("“{%% %(word)s … %%}” has no “{%% end%(word)s %%}”."),
    "stray_end": _("“{%% %(word)s %%}” stands without its “{%% %(opening)s … %%}”, or across another one."),
    "unknown_statement": _("“{%% %(word)s … %%}” is not known: there are “for”, “if”, “elif”, “else” and “set”."),
    "unknown_filter": _("There is no filter “%(filter)s”; the filters are: %(filters)s."),
    "unknown_filter_like": _("There is no filter “%(filter)s”. Did you mean “%(nearest)s”?"),
    "not_permitted": _("“%(what)s” is not permitted in a template."),
    "use_words": _("Write “and”, “or” and “not” instead of “&&”, “||” and “!”."),
    "use_two_signs": _("Write “==” to compare two values: “=” alone only follows “set”."),
    "malformed": _("A token can't be read: %(detail)s"),
    "unclosed": _("“%(token)s” is not closed: a token begins and ends in one paragraph, with “}}” or “%%}”."),
    "date_style": _(
        "A date can't be written as “%(style)s”: use short, medium, long, full, or a pattern such as dd.MM.yyyy."
    ),
    "decimals": _("Decimals are a whole number from 0 to %(limit)s."),
    "currency": _("“%(currency)s” is not a currency: write a code of three letters, such as EUR."),
    "not_a_number": _("“%(value)s” is not a number."),
    "not_a_date": _("“%(value)s” is not a date."),
}
# What a template's author should know though documents can be made.
REMARKS = {
    "no_tokens": _("There is no token in this file, so that every document made from it is the same."),
    "foreign": _("“%(token)s” looks like a token of another system and stays as it is."),
    "foreign_known": _("“%(token)s” looks like a token of another system and stays as it is: write {{ %(nearest)s }}."),
    "comments": _("Comments (%(count)s) are left out of documents."),
    "revisions": _("Tracked changes (%(count)s): documents are made as if all were accepted."),
    "attached_template": _("The link to the Word template that is attached to the file is left out of documents."),
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
        message = MESSAGES.get(code) or MISTAKES.get(code, MESSAGES["failed"])
        super().__init__(message % defaultdict(str, self.details))


def worded(messages: dict[str, Any], code: str, details: dict[str, str]) -> str:
    """Return a mistake or remark of a template in the words of the active language."""
    return str(messages[code]) % defaultdict(str, details)
