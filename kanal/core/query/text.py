"""The text form of a filter: `field:op(value,…)`, `;` AND, `(a|b)` OR, `!` NOT. Values are percent-encoded."""

import re
from urllib.parse import quote, unquote

from django.utils.translation import gettext as _

from kanal.core.query.tree import DEEPEST, LONGEST, MOST_TESTS, OPERATORS, All, Any, Node, Not, QueryError, Test, join

TEST = re.compile(r"([a-z][a-z0-9_]*(?:\.[a-z0-9_\-]+)*):([a-z]+)(?:\(([^()|;]*)\))?")
SAFE = "@+-_.~/ "


def parse(text: str) -> Node:
    """Parse a filter. An empty text means everything. Raise QueryError with the position of an error."""
    if len(text) > LONGEST:
        raise QueryError(_("The filter is too long: at most %(limit)s characters.") % {"limit": LONGEST})
    if not text.strip():
        return All()
    reader = Parser(text.strip())
    node = reader.all_of(0)
    reader.must_end()
    return node


class Parser:
    """Parses a filter from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.tests = 0

    def peek(self) -> str:
        """Return the next character, or nothing at the end."""
        return self.text[self.place : self.place + 1]

    def take(self, mark: str) -> bool:
        """Skip a character if it is next, and return whether it was."""
        if self.peek() != mark:
            return False
        self.place += 1
        return True

    def must_end(self) -> None:
        """Raise QueryError for trailing text."""
        if self.place < len(self.text):
            raise self.wrong()

    def wrong(self) -> QueryError:
        """Return the error for the current position."""
        rest = self.text[self.place : self.place + 40] or _("the end")
        return QueryError(_("The filter can't be read at “%(rest)s”.") % {"rest": rest})

    def all_of(self, depth: int) -> Node:
        """Parse conditions joined by `;`."""
        items = [self.one(depth)]
        while self.take(";"):
            if self.peek():
                items.append(self.one(depth))
        return join(*items)

    def one(self, depth: int) -> Node:
        """Parse a negation, a group or a test."""
        if depth > DEEPEST:
            raise QueryError(_("The filter is nested too deeply: at most %(limit)s levels.") % {"limit": DEEPEST})
        if self.take("!"):
            return Not(self.one(depth + 1))
        if not self.take("("):
            return self.test()
        items = [self.all_of(depth + 1)]
        while self.take("|"):
            items.append(self.all_of(depth + 1))
        if not self.take(")"):
            raise self.wrong()
        return items[0] if len(items) == 1 else Any(tuple(items))

    def test(self) -> Test:
        """Parse `field:op(values)`."""
        match = TEST.match(self.text, self.place)
        if not match:
            raise self.wrong()
        self.tests += 1
        if self.tests > MOST_TESTS:
            raise QueryError(_("The filter has too many conditions: at most %(limit)s.") % {"limit": MOST_TESTS})
        field, op, values = match.groups()
        if op not in OPERATORS:
            raise QueryError(_("There is no operator “%(op)s”.") % {"op": op}, field)
        self.place = match.end()
        parts = tuple(unquote(value) for value in values.split(",")) if values else ()
        if any("\x00" in part for part in parts):
            raise QueryError(_("A value contains a character that can't be stored."), field)
        return Test(field, op, parts)


def format_filter(node: Node) -> str:
    """Format a filter as text. `parse` returns the same tree."""
    if isinstance(node, Test):
        values = ",".join(quote(value, safe=SAFE) for value in node.values)
        return f"{node.field}:{node.op}" + (f"({values})" if node.values else "")
    if isinstance(node, Not):
        inner = format_filter(node.item)
        return f"!({inner})" if isinstance(node.item, All) else f"!{inner}"
    if isinstance(node, Any):
        return "(" + "|".join(format_filter(item) for item in node.items) + ")"
    return ";".join(f"({format_filter(item)})" if isinstance(item, All) else format_filter(item) for item in node.items)
