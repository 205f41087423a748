"""All addresses of the resolver and all operations of the API, and how one is filled with the ids of a record."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its route from the root on, and its name."""

    route: str
    name: str

    def filled(self, **given: Any) -> str:
        """Write the address with values for its parameters; 1 for those that are not given."""
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(given.get(match[1], 1)), self.route)


def walk(patterns: list[Any], prefix: str = "") -> Iterator[Address]:
    """Go through resolvers and patterns."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield Address(route, pattern.name or "")


def pages() -> list[Address]:
    """List the addresses of pages, those of the API left out."""
    addresses = walk(get_resolver().url_patterns)
    return [address for address in addresses if not address.route.startswith(("api/", "^api/"))]


def operations() -> list[tuple[str, str]]:
    """List the operations of the API: (method, path)."""
    from kanal.api.urls import api

    listed = []
    for _prefix, router, *_rest in api._routers:
        for path, view in router.path_operations.items():
            plain = path.replace("{int:pk}", "{pk}")
            listed += [(method, plain) for operation in view.operations for method in operation.methods]
    return sorted(set(listed))
