"""The tokens of a template and their locations, found without evaluating it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

from jinja2 import nodes

from kanal.kit.documents.contents import TAG
from kanal.kit.documents.paragraphs import NUMBER

_TEXT_LENGTH = 90
# A name for a computed value, whose attributes can't be known statically.
_COMPUTED = None
_NUMBER = re.compile(rf'(?:<w:p [^>]*|\{{#){NUMBER}="(\d+)"')
_COMMENT = re.compile(r"\{#.*?#\}")
_Scope = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Token:
    """Store a token: its path ("items[].name"), its spelling ("item.name") and location.

    `use` is "written" if its value is output, "list" if a loop repeats it, else "".
    """

    path: str
    written: str
    part: str
    paragraph: int
    text: str
    use: str = ""


@dataclass(frozen=True)
class Source:
    """Store a part of the document as the template engine sees it, one paragraph per line."""

    part: str
    text: str

    @cached_property
    def _lines(self) -> list[tuple[int, str]]:
        """Return the paragraph number and text of each line."""
        lines, number = [], 0
        for place, line in enumerate(self.text.splitlines()):
            numbers = _NUMBER.findall(line)
            number = int(numbers[-1]) if numbers else number
            lines.append((number or max(place, 1), line))
        return lines

    def paragraph(self, line: int) -> tuple[int, str]:
        """Return the number of a line's paragraph, and the line's text."""
        if not 0 < line <= len(self._lines):
            return max(line - 1, 1), ""
        number, text = self._lines[line - 1]
        return number, unescape(TAG.sub("", _COMMENT.sub("", text))).strip()[:_TEXT_LENGTH]


def tokens_of(tree: nodes.Template, source: Source) -> list[Token]:
    """Return the tokens of a parsed part, in order."""
    return list(_Finder(source).visit(tree, {}, ""))


class _Finder:
    def __init__(self, source: Source) -> None:
        self.source = source

    def visit(self, node: nodes.Node, scope: _Scope, use: str = "") -> Iterator[Token]:
        if isinstance(node, nodes.For):
            yield from self.loop(node, scope)
        elif isinstance(node, nodes.Assign):
            yield from self.visit(node.node, scope)
            self.assign(node.target, _path(node.node, scope), scope)
        elif isinstance(node, (nodes.Getattr, nodes.Getitem, nodes.Name)):
            yield from self.reference(node, scope, use)
        else:
            for child in node.iter_child_nodes():
                yield from self.visit(child, scope, "written" if isinstance(node, nodes.Output) else "")

    def loop(self, node: nodes.For, scope: _Scope) -> Iterator[Token]:
        yield from self.visit(node.iter, scope, "list")
        path = _path(node.iter, scope)
        inner: _Scope = {**scope, "loop": _COMPUTED}
        self.assign(node.target, f"{path}[]" if path else _COMPUTED, inner)
        for child in [node.test, *node.body] if node.test else node.body:
            yield from self.visit(child, inner)
        for child in node.else_:
            yield from self.visit(child, dict(scope))

    def assign(self, target: nodes.Node, path: str | None, scope: _Scope) -> None:
        if isinstance(target, nodes.Name):
            scope[target.name] = path
        else:
            scope.update({name.name: _COMPUTED for name in target.find_all(nodes.Name)})

    def reference(self, node: nodes.Node, scope: _Scope, use: str) -> Iterator[Token]:
        path = _path(node, scope)
        if path:
            number, text = self.source.paragraph(node.lineno)
            yield Token(path, _as_written(node), self.source.part, number, text, use)
            return
        for child in node.iter_child_nodes():
            if isinstance(child, nodes.Name) and scope.get(child.name, "") is _COMPUTED:
                continue
            yield from self.visit(child, scope)


def _path(node: nodes.Node, scope: _Scope) -> str | None:
    if isinstance(node, nodes.Name):
        return scope.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        above = _path(node.node, scope)
        return f"{above}.{node.attr}" if above else _COMPUTED
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        above = _path(node.node, scope)
        if above and isinstance(node.arg.value, str):
            return f"{above}.{node.arg.value}"
        return f"{above}[]" if above and isinstance(node.arg.value, int) else _COMPUTED
    return _COMPUTED


def _as_written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_as_written(node.node)}.{node.attr}"
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        return f"{_as_written(node.node)}[{node.arg.value!r}]"
    return "…"


def is_known(path: str, known: Collection[str]) -> bool:
    """Return whether a path is a known token or a group of known tokens."""
    return path in known or any(token.startswith((f"{path}.", f"{path}[]")) for token in known)


def is_group(path: str, known: Collection[str]) -> bool:
    """Return whether a path is a token group or a list, which can't be output itself."""
    return path not in known and is_known(path, known)


def is_list(path: str, known: Collection[str]) -> bool:
    """Return whether a loop can repeat the value of a path."""
    return any(token.startswith(f"{path}[]") for token in known)


def has_value(path: str, context: Any) -> bool:
    """Return whether a path resolves in the values (of every item, for a list)."""
    first, _sign, rest = path.partition("[]")
    value = context
    for name in first.strip(".").split("."):
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    if not _sign:
        return True
    return isinstance(value, list) and (not rest or all(has_value(rest, item) for item in value))
