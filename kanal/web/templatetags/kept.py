"""`{% kept … %}`: a cached fragment of the page frame, rendered once per language and set of values."""

from collections.abc import Hashable, Iterable
from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST = 1000
register = template.Library()
_kept: dict[Hashable, SafeString] = {}


class KeptNode(Node):
    """A part of a template that depends only on the named values."""

    def __init__(self, nodes: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist, self.values = nodes, values

    def render(self, context: Context) -> SafeString:
        """Return the cached fragment for the same values, else render it."""
        if settings.DEBUG:
            return self.nodelist.render(context)
        place = (self.origin.name, self.token.lineno if self.token else 0)
        key = (place, get_language(), *(frozen(value.resolve(context)) for value in self.values))
        html = _kept.get(key)
        if html is None:
            html = self.nodelist.render(context)
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[key] = html
        return html


class Known(list):
    """A list compared by its content, which is computed once instead of on every page."""

    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__(items)
        self.frozen = tuple(frozen(item) for item in self)


def frozen(value: Any) -> Hashable:
    """Convert menus and similar values to a hashable form."""
    if isinstance(value, Known):
        return value.frozen
    if isinstance(value, dict):
        return tuple((name, frozen(item)) for name, item in value.items())
    if isinstance(value, list | tuple):
        return tuple(frozen(item) for item in value)
    return value if isinstance(value, bool | int | None) else str(value)


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """Cache the content up to `endkept` by the values named in the tag."""
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodes, values)
