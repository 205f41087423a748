"""Why a document or template is rejected: error codes from the worker and messages for users."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid

MESSAGES = {
    "not_docx": _("This is not a Word document: save it in Word or LibreOffice as “Word document (.docx)”."),
    "old_word": _("This is a document of an old Word version (.doc): save it as “Word document (.docx)”."),
    "not_plain_docx": _(
        "Only plain Word documents can be templates, not .docm or .dotx files: save it as “Word document (.docx)”."
    ),
    "damaged": _("The Word document is damaged: %(detail)s"),
    "too_large": _("The Word document is too large, or becomes too large."),
    "bomb": _("The Word document is packed in a way that only harmful files are."),
    "encrypted": _("The Word document is protected by a password."),
    "dtd": _("The Word document defines XML entities (in %(part)s), which only harmful files do."),
    "active": _("The Word document contains macros, scripts or embedded objects (%(part)s)."),
    "external": _("The Word document loads external content (%(target)s); embed it instead."),
    "link": _("The Word document contains a link of a kind that is not permitted (%(target)s)."),
    "field": _("The Word document contains a field that is not permitted (%(field)s)."),
    "merge_field": _(
        "“%(field)s” is a Word merge field, which stays empty here: use a token such as {{ account.name }}."
    ),
    "token_place": _("Tokens can't be used in this part of the document: %(part)s. Put them in the text."),
    "syntax": _("The template has a mistake: %(detail)s"),
    "not_allowed": _("The template uses something that is not permitted: %(detail)s."),
    "unresolved": _("These tokens have no value: %(tokens)s."),
    "not_a_value": _("A token names a group of values, not a value that can be written."),
    "structure": _("A condition or loop is not placed around whole rows or paragraphs, near: %(detail)s"),
    "no_such_item": _("A list has no entry number %(number)s."),
    "failed": _("The document could not be made: %(detail)s"),
    "unreadable": _("The Word document can't be read: open it in Word, save it as a new .docx and upload that."),
    "computation": _(
        "A token computes something impossible, such as a division by zero, or compares values of two kinds."
    ),
    "timeout": _("The template takes too long to fill in."),
    "busy": _("Too many documents are being generated. Try again shortly."),
}


# Errors inside a template that is a valid file, for its report and for failed rendering.
MISTAKES = {
    "unclosed_block": _("“{%% %(word)s … %%}” has no “{%% end%(word)s %%}”."),
    "stray_end": _("“{%% %(word)s %%}” has no matching “{%% %(opening)s … %%}”, or crosses another block."),
    "unknown_statement": _("“{%% %(word)s … %%}” is not known: there are “for”, “if”, “elif”, “else” and “set”."),
    "unknown_filter": _("There is no filter “%(filter)s”; the filters are: %(filters)s."),
    "unknown_filter_like": _("There is no filter “%(filter)s”. Did you mean “%(nearest)s”?"),
    "not_permitted": _("“%(what)s” is not permitted in a template."),
    "use_words": _("Write “and”, “or” and “not” instead of “&&”, “||” and “!”."),
    "use_two_signs": _("Write “==” to compare two values: “=” alone only follows “set”."),
    "unknown_statement_like": _("“{%% %(word)s … %%}” is not known. Did you mean “{%% %(nearest)s … %%}”?"),
    "unknown_test": _(
        "“is %(test)s” is not known: use one of %(tests)s. To test for a value, write “{%% if account.name %%}”."
    ),
    "malformed": _("A token can't be read: %(detail)s"),
    "unexpected": _(
        "A token can't be read: “%(what)s” is not allowed there. A token has one value, with its filters after “|”."
    ),
    "empty_token": _("A token is empty, or ends where a value is expected."),
    "sign": _("“%(sign)s” is not allowed in a token."),
    "unclosed_text": _("A text in quotation marks is not closed."),
    "for_form": _("Write a loop as “{%% for item in items %%}”."),
    "set_form": _("Write “{%% set name = value %%}”."),
    "several_values": _("A token writes one value: give each value a token of its own."),
    "group": _("“%(token)s” is a group of values, not a value that can be written: write one of them."),
    "group_like": _("“%(token)s” is a group of values: write one of them, such as %(nearest)s."),
    "not_a_list": _("“%(token)s” is not a list, so a loop can't repeat it: use “{%% for item in items %%}”."),
    "misplaced": _(
        "A condition or loop begins in a table or content control and ends outside of it, or the other way round."
    ),
    "else_in_row": _(
        "“{%% else %%}” can't be between the cells of a row: put “if”, “else” and “endif” in rows of their own, "
        "or inside one cell."
    ),
    "unclosed": _("“%(token)s” is not closed: a token begins and ends in one paragraph, with “}}” or “%%}”."),
    "date_style": _(
        "A date can't be written as “%(style)s”: use short, medium, long, full, or a pattern such as dd.MM.yyyy."
    ),
    "decimals": _("The number of decimals must be a whole number from 0 to %(limit)s."),
    "currency": _("“%(currency)s” is not a currency: write a code of three letters, such as EUR."),
    "not_a_number": _("“%(value)s” is not a number."),
    "not_a_date": _("“%(value)s” is not a date."),
}
# Warnings to a template's author that don't prevent documents.
REMARKS = {
    "no_tokens": _("This file has no tokens, so every document made from it is the same."),
    "foreign": _("“%(token)s” looks like a token of another system and stays as it is."),
    "foreign_known": _("“%(token)s” looks like a token of another system and stays as it is: write {{ %(nearest)s }}."),
    "comments": _("Comments (%(count)s) are left out of documents."),
    "revisions": _("Tracked changes (%(count)s): documents are made as if all were accepted."),
    "workbooks": _("Workbooks behind charts (%(count)s) are left out of documents; the charts stay as they are drawn."),
    "attached_template": _("The link to the Word template that is attached to the file is left out of documents."),
}


# Parts of a Word file where tokens aren't replaced, as authors call them.
PLACES = (
    ("charts/", _("a chart")),
    ("diagrams/", _("SmartArt")),
    ("comments", _("a comment")),
    ("numbering", _("the numbers of a list")),
    ("settings", _("the settings of the document")),
    ("styles", _("a style")),
)


class Refusal(Exception):
    """Carry a code and its details out of the worker, which doesn't translate."""

    def __init__(self, code: str, **details: Any) -> None:
        self.code = code
        self.details = {name: str(value)[:500] for name, value in details.items()}
        super().__init__(code)


class DocumentRefused(Invalid):
    """Report why a template was rejected or a document wasn't created (DOC-2, DOC-4)."""

    def __init__(self, code: str, details: dict[str, str] | None = None) -> None:
        self.code = code
        self.details = details or {}
        if code == "token_place":
            part = self.details.get("part", "")
            self.details["part"] = str(next((words for name, words in PLACES if name in part), part))
        message = MESSAGES.get(code) or MISTAKES.get(code, MESSAGES["failed"])
        text = str(message) % defaultdict(str, self.details)
        super().__init__(f"{format_location(self.details, 'place_')}: {text}" if "place_part" in self.details else text)


_PARTS = {
    "document": _("text"),
    "header": _("header"),
    "footer": _("footer"),
    "footnotes": _("footnotes"),
    "endnotes": _("endnotes"),
    "properties": _("document properties"),
    "link": _("address of a link"),
}
_NUMBERED = ("document", "header", "footer", "footnotes", "endnotes")


def format_location(item: Mapping[str, str], prefix: str = "") -> str:
    """Return a location as text in the active language."""
    part = item[f"{prefix}part"]
    place = _("%(part)s, paragraph %(number)s: “%(text)s”") if part in _NUMBERED else _("%(part)s: “%(text)s”")
    words = {"part": _PARTS.get(part, part), "number": item[f"{prefix}paragraph"], "text": item[f"{prefix}text"]}
    return str(place) % words


def worded(messages: dict[str, Any], code: str, details: dict[str, str]) -> str:
    """Return an error or warning of a template as text in the active language."""
    return str(messages[code]) % defaultdict(str, details)
