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
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(given.get(found[1], 1)), self.route)


def walk(patterns: list[Any], prefix: str = "") -> Iterator[Address]:
    """Go through resolvers and patterns."""
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from walk(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield Address(route, one.name or "")


def pages() -> list[Address]:
    """List the addresses of pages, those of the API left out."""
    found = walk(get_resolver().url_patterns)
    return [one for one in found if not one.route.startswith(("api/", "^api/"))]


def operations() -> list[tuple[str, str]]:
    """List the operations of the API: (method, path)."""
    from kanal.api.urls import api

    found = []
    for _prefix, router, *_rest in api._routers:
        for path, view in router.path_operations.items():
            plain = path.replace("{int:pk}", "{pk}")
            found += [(method, plain) for operation in view.operations for method in operation.methods]
    return sorted(set(found))
