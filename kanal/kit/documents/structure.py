"""The tokens of a part, parsed one by one, so that each error has its own location."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from html import unescape

from jinja2 import TemplateError, nodes

from kanal.kit.documents.contents import TAG
from kanal.kit.documents.mistakes import (
    Mistake,
    describe_template_error,
    static_mistakes,
    unclosed_tokens,
    unknown_statement,
)

_TOKEN = re.compile(r"\{\{.*?\}\}|\{%-?\+?\s*(?P<word>\w*)(?P<rest>.*?)[-+]?%\}|\{#.*?#\}")
_ENDS = {"endfor": "for", "endif": "if"}
_PLAIN = ("else", "endfor", "endif")
_WITH_VALUE = ("for", "if", "elif", "set")
Parse = Callable[[str], nodes.Template]


@dataclass
class Structure:
    """The tokens of a part: errors with line numbers, and the text without unparsable tokens.

    The text is None if loops and conditions don't match.
    """

    mistakes: list[tuple[int, Mistake]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    is_matched: bool = True
    open_blocks: list[tuple[str, int]] = field(default_factory=list)

    @property
    def text(self) -> str | None:
        """Return the text that parses as a whole, or None."""
        return "\n".join(self.lines) if self.is_matched else None


def structure_of(text: str, parse: Parse) -> Structure:
    """Parse the tokens of a part with one paragraph per line."""
    structure = Structure()
    for number, line in enumerate(text.splitlines(), start=1):
        unclosed = unclosed_tokens(strip_tags(line))
        structure.mistakes += [(number, ("unclosed", {"token": token})) for token in unclosed]
        if unclosed:
            structure.is_matched = structure.is_matched and not any(token.startswith("{%") for token in unclosed)
            structure.lines.append("")
            continue
        read = partial(_readable, line=number, structure=structure, parse=parse)
        structure.lines.append(_TOKEN.sub(read, line))
    if structure.is_matched:
        _leave_open(structure, structure.open_blocks)
    structure.mistakes.sort(key=lambda pair: pair[0])
    return structure


def strip_tags(xml: str) -> str:
    """Return the text of a fragment of a part."""
    return unescape(TAG.sub("", xml))


def _readable(match: re.Match[str], line: int, structure: Structure, parse: Parse) -> str:
    """Return a token unchanged, or a placeholder if it can't be parsed."""
    token, word = match[0], match["word"]
    if token.startswith("{#"):
        return token
    mistakes = [*_mistakes(match, parse)]
    structure.mistakes += [(line, mistake) for mistake in mistakes]
    if word:
        _match(word, line, structure)
    if not mistakes:
        return token
    if word == "for":
        structure.is_matched = False
    if word in ("if", "elif"):
        return f"{{% {word} true %}}"
    return f"{{% {word} %}}" if word in _PLAIN else ""


def _mistakes(match: re.Match[str], parse: Parse) -> Iterator[Mistake]:
    token, word = match[0], match["word"]
    if token.startswith("{%") and word not in (*_WITH_VALUE, *_PLAIN):
        yield unknown_statement(word, match["rest"])
        return
    if word in _PLAIN:
        if match["rest"].strip():
            yield unknown_statement(word, match["rest"])
        return
    try:
        tree = parse(_alone(token, word, match["rest"]))
    except TemplateError as error:
        yield describe_template_error(error, strip_tags(token))
        return
    yield from static_mistakes(tree)


def _alone(token: str, word: str | None, rest: str) -> str:
    """Return a token that parses without the others."""
    if word in ("if", "elif"):
        return f"{{% if {rest}%}}{{% endif %}}"
    return f"{{% for {rest}%}}{{% endfor %}}" if word == "for" else token


def _match(word: str, line: int, structure: Structure) -> None:
    blocks = structure.open_blocks
    if word in ("for", "if"):
        blocks.append((word, line))
    elif word in ("elif", "else"):
        if not blocks or (word == "elif" and blocks[-1][0] != "if"):
            _stray(word, "if", line, structure)
    elif word in _ENDS:
        opening = _ENDS[word]
        if opening not in [block[0] for block in blocks]:
            _stray(word, opening, line, structure)
            return
        while blocks[-1][0] != opening:
            _leave_open(structure, [blocks.pop()])
        blocks.pop()


def _stray(word: str, opening: str, line: int, structure: Structure) -> None:
    structure.is_matched = False
    structure.mistakes.append((line, ("stray_end", {"word": word, "opening": opening})))


def _leave_open(structure: Structure, blocks: list[tuple[str, int]]) -> None:
    for word, line in blocks:
        structure.is_matched = False
        structure.mistakes.append((line, ("unclosed_block", {"word": word})))
