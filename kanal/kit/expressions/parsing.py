"""Parsing of formulas to trees. See evaluation.py for their results."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from kanal.kit.errors import Invalid
from kanal.kit.expressions.functions import FUNCTIONS
from kanal.kit.expressions.tree import MAX_DEPTH, MAX_LENGTH, MAX_NODES, Call, Constant, Name, Node, Operation, walk

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>\d+(?:\.\d+)?(?![\w.]))
      | (?P<text>"[^"]*"|'[^']*')
      | (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*){0,5})
      | (?P<sign><=|>=|<>|!=|==|[-+*/%&=<>(),≤≥≠−×÷])
      | (?P<end>$)
    )""",
    re.VERBOSE,
)
_SPELLINGS = {"==": "=", "!=": "<>", "≠": "<>", "≤": "<=", "≥": ">=", "−": "-", "×": "*", "÷": "/"}
_WORDS = {"and", "or", "not"}
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "empty": None, "null": None}
# Binary operators from loosest to tightest.
_LEVELS = (("or",), ("and",), ("=", "<>", "<", "<=", ">", ">="), ("+", "-", "&"), ("*", "/", "%"))
_COMPARING = 2


class _Token(NamedTuple):
    kind: str
    text: str
    place: int


@dataclass(frozen=True)
class Expression:
    """Store a parsed, valid formula."""

    source: str
    tree: Node

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the paths that the formula reads."""
        return frozenset(node.path for node, _depth in walk(self.tree) if isinstance(node, Name))


@lru_cache(maxsize=512)
def parse(source: str) -> Expression:
    """Parse a formula. Raise Invalid with the position of the first error."""
    if len(source) > MAX_LENGTH:
        raise Invalid(_("A formula has at most %(most)s characters.") % {"most": MAX_LENGTH})
    reader = _Reader(_tokens(source))
    tree = reader.level(0)
    reader.expect_end()
    nodes = walk(tree)
    if len(nodes) > MAX_NODES or max(depth for _node, depth in nodes) > MAX_DEPTH:
        raise Invalid(_("This formula is too large; split it over several fields."))
    return Expression(source, tree)


def _tokens(source: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    while not tokens or tokens[-1].kind != "end":
        match = _TOKEN.match(source, position)
        if match is None or match.lastgroup is None:
            rest = source[position:].lstrip()
            raise _wrong(rest[:1], source.index(rest, position))
        text = match[match.lastgroup]
        kind = match.lastgroup
        place = match.start(match.lastgroup)
        if kind == "name" and text.lower() in _WORDS:
            kind, text = "sign", text.lower()
        tokens.append(_Token(kind, _SPELLINGS.get(text, text) if kind == "sign" else text, place))
        position = match.end()
    return tokens


def _wrong(text: str, place: int) -> Invalid:
    if not text:
        return Invalid(_("The formula ends too early."))
    return Invalid(_("“%(text)s” is not expected at character %(place)s.") % {"text": text, "place": place + 1})


class _Reader:
    """Parse tokens by recursive descent. Nesting is limited to stay within Python's own stack."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def now(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.now
        self.at += 1
        return token

    def is_sign(self, *signs: str) -> bool:
        return self.now.kind == "sign" and self.now.text in signs

    def expect(self, sign: str) -> None:
        if not self.is_sign(sign):
            raise _wrong(self.now.text, self.now.place)
        self.take()

    def expect_end(self) -> None:
        if self.now.kind != "end":
            raise _wrong(self.now.text, self.now.place)

    def level(self, number: int) -> Node:
        if number == len(_LEVELS):
            return self.unary()
        if number == _COMPARING and self.is_sign("not"):
            self.take()
            return Operation("not", (self.nested(_COMPARING),))
        left = self.level(number + 1)
        while self.is_sign(*_LEVELS[number]):
            sign = self.take().text
            left = Operation(sign, (left, self.level(number + 1)))
            if number == _COMPARING:
                break
        return left

    def nested(self, number: int) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Invalid(_("This formula is too large; split it over several fields."))
        node = self.unary() if number == len(_LEVELS) else self.level(number)
        self.depth -= 1
        return node

    def unary(self) -> Node:
        if self.is_sign("-", "+"):
            sign = self.take().text
            return Operation(f"{sign}x", (self.nested(len(_LEVELS)),))
        return self.primary()

    def primary(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return Constant(Decimal(token.text))
        if token.kind == "text":
            return Constant(token.text[1:-1])
        if token.kind == "name":
            return self.named(token)
        if token.kind == "sign" and token.text == "(":
            inside = self.nested(0)
            self.expect(")")
            return inside
        raise _wrong(token.text, token.place)

    def named(self, token: _Token) -> Node:
        if not self.is_sign("("):
            word = token.text.lower()
            return Constant(_CONSTANTS[word]) if word in _CONSTANTS else Name(token.text)
        function = FUNCTIONS.get(token.text.lower())
        if function is None:
            raise Invalid(_("There is no function “%(name)s”.") % {"name": token.text})
        self.take()
        arguments: list[Node] = []
        while not self.is_sign(")"):
            arguments.append(self.nested(0))
            if not self.is_sign(")"):
                self.expect(",")
        self.take()
        if not function.least <= len(arguments) <= function.most:
            raise Invalid(_("The function is used as %(usage)s.") % {"usage": function.usage})
        return Call(function.name, tuple(arguments))
