"""Suggestions for unknown tokens: the most similar known token, spelled for its location."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import SequenceMatcher, get_close_matches

# Names that other systems use for token groups.
_GROUPS = {
    "account": ("customer", "client", "company", "organization", "organisation", "buyer", "kunde", "firma"),
    "contact": ("person", "recipient", "kontakt", "ansprechpartner"),
    "seller": ("user", "owner", "sender", "salesperson", "representative", "verkäufer", "selger"),
    "opportunity": ("deal", "project"),
    "quote": ("offer", "proposal", "estimate", "order", "angebot", "tilbud"),
    "totals": ("total", "sum", "sums"),
    "items[]": ("item", "items", "line", "lines", "product", "products", "position", "positions", "row", "rows"),
    "company": ("our_company", "vendor", "supplier", "organization"),
}
_SIMILAR_NAME = 0.6
_SIMILAR_WHOLE = 0.62


def suggest(path: str, written: str, known: Collection[str]) -> str:
    """Return the known token most similar to a path, spelled for its location, or "".

    A value of items used outside a loop is suggested with the loop.
    """
    if "." not in path:
        path = path.replace("_", ".", 1)
    scored = sorted(((_likeness(path, token), token) for token in known), key=lambda pair: (-pair[0], pair[1]))
    if not scored or scored[0][0] < _SIMILAR_WHOLE:
        return ""
    token = scored[0][1]
    if "[]" not in token:
        return token
    listed, _sign, rest = token.partition("[].")
    if "[]" in path:
        return f"{written.rpartition('.')[0]}.{rest}" if "." in written else token
    return _loop(listed, rest)


def suggest_list(path: str, known: Collection[str]) -> str:
    """Return the list most similar to a path, or ""."""
    lists = {token.partition("[]")[0] for token in known if "[]" in token}
    if path.lower() in _GROUPS["items[]"] and "items" in lists:
        return "items"
    return next(iter(get_close_matches(path.lower(), lists, n=1)), "")


def member_of(path: str, written: str, known: Collection[str]) -> str:
    """Return the token of a group's value to use instead of the group, its name if it has one."""
    is_list = any(token.startswith(f"{path}[]") for token in known)
    prefix = f"{path}[]." if is_list else f"{path}."
    leaves = [token.removeprefix(prefix) for token in known if token.startswith(prefix)]
    if not leaves:
        return ""
    leaf = "name" if "name" in leaves else min(leaves)
    return _loop(path, leaf) if is_list else f"{{{{ {written}.{leaf} }}}}"


def _loop(listed: str, leaf: str) -> str:
    name = listed.rpartition(".")[2].removesuffix("s") or "item"
    return f"{{% for {name} in {listed} %}}{{{{ {name}.{leaf} }}}}{{% endfor %}}"


def _likeness(path: str, token: str) -> float:
    group, _dot, name = path.lower().rpartition(".")
    known_group, _dot, known_name = token.rpartition(".")
    similar = _similar(name, known_name)
    if similar < _SIMILAR_NAME:
        return 0.0
    same_group = _similar_group(group, known_group)
    if known_group.endswith("[]") and same_group < _SIMILAR_NAME:
        return 0.0
    return 0.65 * similar + 0.35 * same_group


def _similar(name: str, known: str) -> float:
    """Return the similarity of two names. A name that is a word of the other counts as nearly the same."""
    words = set(re.split(r"_", known))
    if name != known and name in words:
        return 0.9
    return SequenceMatcher(None, name, known).ratio()


def _similar_group(group: str, known: str) -> float:
    if group in _GROUPS.get(known, ()):
        return 1.0
    return SequenceMatcher(None, group, known).ratio()
