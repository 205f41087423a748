"""Tokens in link targets, which Word stores outside the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, unquote

from kanal.kit.documents.refusals import Refusal
from kanal.kit.documents.typography import straight

# Word percent-encodes characters that URLs can't contain: "%7B%7B%20seller.email%20%7D%7D".
_TOKEN = re.compile(r"(?:\{|%7B){2}(.*?)(?:\}|%7D){2}", re.IGNORECASE)
_STATEMENT = re.compile(r"(?:\{|%7B)%25|\{%(?![0-9A-F]{2})", re.IGNORECASE)
_PERMITTED = re.compile(r"(https?://|mailto:|tel:|#)", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+-]*:(?!\d)", re.IGNORECASE)
# Word prepends "http://" to targets that it doesn't recognize as a URL.
_DOUBLED = re.compile(r"https?://(?=\s*(?:https?://|mailto:|tel:))", re.IGNORECASE)
_BARE = re.compile(r"(?:https?://|mailto:|tel:)?", re.IGNORECASE)
_IN_ADDRESS, _IN_QUERY = "/:@!$&'()*+,;=~?#%[]", "@"


def template_of(target: str) -> str:
    """Return a link target with its tokens as typed, or "" if it has none."""
    if _STATEMENT.search(target):
        raise Refusal("token_place", part=unquote(target))
    if not _TOKEN.search(target):
        return ""
    return _TOKEN.sub(lambda match: straight(f"{{{{{unquote(match[1])}}}}}"), target)


def check_link(target: str) -> None:
    """Reject links to files and programs. Targets that start with a token are checked when rendered."""
    template = template_of(target)
    if not _PERMITTED.match(target.strip()) and not template.lstrip().startswith("{{"):
        raise Refusal("link", target=unquote(target))


def links_with_tokens(package: Any) -> Iterator[tuple[Any, str]]:
    """Yield each relationship whose target contains tokens, with the target."""
    for part in package.parts:
        for relation in part.rels.values():
            if relation.is_external and (template := template_of(relation.target_ref)):
                yield relation, template


def fill_links(package: Any, write: Callable[[str], str]) -> None:
    """Render the tokens in link targets. Raise Refusal if a value leads elsewhere."""
    for relation, template in links_with_tokens(package):
        relation._target = _address(template, write)


def _address(template: str, write: Callable[[str], str]) -> str:
    def value(match: re.Match[str]) -> str:
        is_query = "?" in _TOKEN.sub("", template[: match.start()])
        return quote(write(match[0]).strip(), safe=_IN_QUERY if is_query else _IN_ADDRESS)

    address = _DOUBLED.sub("", _TOKEN.sub(value, template).strip())
    if _BARE.fullmatch(address):
        return "#"
    if not _SCHEME.match(address) and not address.startswith("#"):
        address = f"mailto:{address}" if re.fullmatch(r"[^/?]+@[^/]+", address) else f"https://{address}"
    if not _PERMITTED.match(address):
        raise Refusal("link", target=address)
    return address
