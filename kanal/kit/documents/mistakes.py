"""Template errors as codes with details. The messages for users are in `refusals`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches

from babel.numbers import is_currency
from jinja2 import TemplateError, nodes

from kanal.kit.documents.datepatterns import is_date_style
from kanal.kit.documents.filters import FILTERS, MAX_PLACES

Mistake = tuple[str, dict[str, str]]
TESTS = frozenset({"none", "odd", "even", "divisibleby", "number", "string", "in", "eq", "ne", "lt", "le", "gt", "ge"})
_TESTS_TOLD = ("none", "odd", "even", "divisibleby", "number", "string")
_DATES = {"date", "datetime", "time"}
_STATEMENTS = ("for", "endfor", "if", "elif", "else", "endif", "set")
# Statements of other template languages, and two-word spellings of ours.
_MEANT = {
    "elseif": "elif", "elsif": "elif", "else if": "elif", "end if": "endif", "fi": "endif", "end for": "endfor",
    "foreach": "for", "endforeach": "endfor", "each": "for", "loop": "for", "next": "endfor", "repeat": "for",
    "unless": "if not", "endunless": "endif", "assign": "set", "let": "set",
}  # fmt: skip
_ELSEWHERE = ("include", "import", "from", "extends", "block", "macro", "call", "filter", "autoescape", "with", "do")
_LONGEST = 40


def describe_template_error(error: TemplateError, token: str = "") -> Mistake:
    """Return the code and details of a template engine error, in its token if known."""
    message = error.message or ""
    for pattern, mistake in _EXPLANATIONS:
        if match := pattern.search(message):
            return mistake(match[1] if match.re.groups else "")
    return "malformed", {"detail": token[: 2 * _LONGEST] or re.sub(r" at \d+$", "", message)}


def _unmatched(word: str) -> Mistake:
    opening = "if" if word in ("else", "elif") else word.removeprefix("end")
    return ("stray_end", {"word": word, "opening": opening}) if word in _STATEMENTS else unknown_statement(word, "")


def unknown_statement(word: str, rest: str) -> Mistake:
    """Return the error for a statement that is unknown or has too many words, with a suggestion."""
    if word in _ELSEWHERE:
        return "not_permitted", {"what": word}
    following = rest.split()[:1]
    meant = _MEANT.get(" ".join([word.lower(), *(part.lower() for part in following)])) or _MEANT.get(word.lower())
    if not meant and word in _STATEMENTS:
        return "unexpected", {"what": rest.strip()[:_LONGEST]}
    near = [meant] if meant else get_close_matches(word.lower(), _STATEMENTS, n=1)
    if not word:
        return "empty_token", {}
    if near:
        return "unknown_statement_like", {"word": word, "nearest": near[0]}
    return "unknown_statement", {"word": word}


def _unknown_filter(name: str) -> Mistake:
    near = get_close_matches(name.lower(), FILTERS, n=1)
    if near:
        return "unknown_filter_like", {"filter": name, "nearest": near[0]}
    return "unknown_filter", {"filter": name, "filters": ", ".join(sorted(FILTERS))}


def _unknown_test(name: str) -> Mistake:
    return "unknown_test", {"test": name, "tests": ", ".join(_TESTS_TOLD)}


def _unexpected(what: str) -> Mistake:
    return ("empty_token", {}) if what.startswith("end of ") else ("unexpected", {"what": what[:_LONGEST]})


_EXPLANATIONS: tuple[tuple[re.Pattern[str], Callable[[str], Mistake]], ...] = (
    (re.compile(r"unknown tag '(\w+)'"), _unmatched),
    (
        re.compile(r"innermost block that needs to be closed is '(\w+)'"),
        lambda word: ("unclosed_block", {"word": word}),
    ),
    (re.compile(r"No filter named '(\w+)'"), _unknown_filter),
    (re.compile(r"No test named '(\w+)'"), _unknown_test),
    (re.compile(r"not permitted: call"), lambda _none: ("not_permitted", {"what": "name(…)"})),
    (re.compile(r"not permitted: assignblock"), lambda _none: ("set_form", {})),
    (re.compile(r"not permitted: (\S+)"), lambda what: ("not_permitted", {"what": what})),
    (re.compile(r"unexpected char '[&|!]'|got '\|'"), lambda _none: ("use_words", {})),
    (re.compile(r"unexpected char ['\"]([^'\"])['\"]"), lambda sign: ("sign", {"sign": sign})),
    (re.compile(r"unexpected char"), lambda _none: ("unclosed_text", {})),
    (re.compile(r"got '='"), lambda _none: ("use_two_signs", {})),
    (re.compile(r"expected token 'in'"), lambda _none: ("for_form", {})),
    (re.compile(r"tag name expected"), lambda _none: ("empty_token", {})),
    (re.compile(r"unexpected '(.+)'"), _unexpected),
    (re.compile(r"got '(.+)'"), _unexpected),
)


def unclosed_tokens(text: str) -> list[str]:
    """Return the beginnings of tokens that don't end in the paragraph where they begin."""
    rest = re.sub(r"\{\{(?:\"[^\"]*\"|'[^']*'|[^{}])*?\}\}|\{%.*?%\}|\{#.*?#\}", "", text)
    return [match[0].strip()[:_LONGEST] for match in re.finditer(r"\{[{%](?:(?!\{[{%]).)*", rest)]


def static_mistakes(tree: nodes.Template) -> Iterator[Mistake]:
    """Yield the errors in the filters and tests of a token that parses."""
    for test in tree.find_all(nodes.Test):
        if test.name not in TESTS:
            yield _unknown_test(test.name)
    for node in tree.find_all(nodes.Filter):
        if node.name not in FILTERS:
            yield _unknown_filter(node.name)
        else:
            yield from _wrong_argument(node)
    for output in tree.find_all(nodes.Output):
        if any(isinstance(value, (nodes.Tuple, nodes.List)) for value in output.nodes):
            yield "several_values", {}


def _wrong_argument(node: nodes.Filter) -> Iterator[Mistake]:
    first = node.args[0] if node.args else next((pair.value for pair in node.kwargs), None)
    if not isinstance(first, nodes.Const):
        return
    if node.name in _DATES and not is_date_style(first.value, node.name):
        yield "date_style", {"style": str(first.value)[:_LONGEST]}
    if node.name == "number" and not (isinstance(first.value, int) and 0 <= first.value <= MAX_PLACES):
        yield "decimals", {"limit": str(MAX_PLACES)}
    if node.name == "money" and not (isinstance(first.value, str) and is_currency(first.value)):
        yield "currency", {"currency": str(first.value)[:20]}
