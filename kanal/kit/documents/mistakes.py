"""What is wrong with a template, as codes with details: the words for people stand in `refusals`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches

from jinja2 import TemplateError, nodes

from kanal.kit.documents.datepatterns import is_date_style
from kanal.kit.documents.filters import FILTERS, MAX_PLACES

Mistake = tuple[str, dict[str, str]]
_DATES = {"date", "datetime", "time"}
_CLOSED = ("for", "if")


def explain(error: TemplateError) -> Mistake:
    """Return the code and details of what the template engine refuses."""
    message = error.message or ""
    for pattern, mistake in _EXPLANATIONS:
        if found := pattern.search(message):
            return mistake(found[1] if found.re.groups else "")
    return "malformed", {"detail": re.sub(r" at \d+$", "", message)}


def _unknown_statement(word: str) -> Mistake:
    opening = "if" if word in ("else", "elif") else word.removeprefix("end")
    if word.startswith(("end", "el")) and opening in _CLOSED:
        return "stray_end", {"word": word, "opening": opening}
    return "unknown_statement", {"word": word}


def _unknown_filter(name: str) -> Mistake:
    near = get_close_matches(name, FILTERS, n=1)
    if near:
        return "unknown_filter_like", {"filter": name, "nearest": near[0]}
    return "unknown_filter", {"filter": name, "filters": ", ".join(sorted(FILTERS))}


_EXPLANATIONS: tuple[tuple[re.Pattern[str], Callable[[str], Mistake]], ...] = (
    (
        re.compile(r"innermost block that needs to be closed is '(\w+)'"),
        lambda word: ("unclosed_block", {"word": word}),
    ),
    (re.compile(r"unknown tag '(\w+)'"), _unknown_statement),
    (re.compile(r"No filter named '(\w+)'"), _unknown_filter),
    (re.compile(r"not permitted: (\S+)"), lambda what: ("not_permitted", {"what": what})),
    (re.compile(r"unexpected char '[&|!]'|got '\|'"), lambda _none: ("use_words", {})),
    (re.compile(r"got '='"), lambda _none: ("use_two_signs", {})),
)


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
