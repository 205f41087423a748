"""What is wrong with a template, as codes with details: the words for people stand in `refusals`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from jinja2 import TemplateError, nodes

from kanal.kit.documents.datepatterns import is_date_style
from kanal.kit.documents.filters import FILTERS, MAX_PLACES

Mistake = tuple[str, dict[str, str]]
_DATES = {"date", "datetime", "time"}
_UNKNOWN_TAG = re.compile(r"unknown tag '(\w+)'")
_UNCLOSED_BLOCK = re.compile(r"innermost block that needs to be closed is '(\w+)'")
_UNKNOWN_FILTER = re.compile(r"No filter named '(\w+)'")
_NOT_PERMITTED = re.compile(r"not permitted: (\S+)")
_CLOSED = ("for", "if")


def explain(error: TemplateError) -> Mistake:
    """Return the code and details of what the template engine refuses."""
    message = error.message or ""
    if found := _UNCLOSED_BLOCK.search(message):
        return "unclosed_block", {"word": found[1]}
    if found := _UNKNOWN_TAG.search(message):
        word = found[1].removeprefix("end")
        if found[1] in ("else", "elif"):
            return "stray_end", {"word": found[1], "opening": "if"}
        if found[1].startswith("end") and word in _CLOSED:
            return "stray_end", {"word": found[1], "opening": word}
        return "unknown_statement", {"word": found[1]}
    if found := _UNKNOWN_FILTER.search(message):
        near = get_close_matches(found[1], FILTERS, n=1)
        if near:
            return "unknown_filter_like", {"filter": found[1], "nearest": near[0]}
        return "unknown_filter", {"filter": found[1], "filters": ", ".join(sorted(FILTERS))}
    if found := _NOT_PERMITTED.search(message):
        return "not_permitted", {"what": found[1]}
    return "malformed", {"detail": re.sub(r" at \d+$", "", message)}


def unclosed_tokens(text: str) -> list[str]:
    """Return the beginnings of tokens that are not ended in the paragraph in which they begin."""
    rest = re.sub(r"\{\{[^{}]*\}\}|\{%.*?%\}|\{#.*?#\}", "", text)
    return [match[0].strip()[:40] for match in re.finditer(r"\{[{%](?:(?!\{[{%]).)*", rest)]


def filter_mistakes(tree: nodes.Template) -> Iterator[tuple[int, Mistake]]:
    """Yield the line and the mistake of each filter whose argument can't be used."""
    for node in tree.find_all(nodes.Filter):
        first = node.args[0] if node.args else next((pair.value for pair in node.kwargs), None)
        if not isinstance(first, nodes.Const):
            continue
        if node.name in _DATES and not is_date_style(first.value, node.name):
            yield node.lineno, ("date_style", {"style": str(first.value)[:40]})
        if node.name == "number" and not (isinstance(first.value, int) and 0 <= first.value <= MAX_PLACES):
            yield node.lineno, ("decimals", {"limit": str(MAX_PLACES)})
        if node.name == "money" and not re.fullmatch(r"[A-Z]{3}", str(first.value)):
            yield node.lineno, ("currency", {"currency": str(first.value)[:20]})
