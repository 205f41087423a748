"""The state of a list, stored in the URL so that it can be shared with a colleague (LIST-10)."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest

from kanal.core.entity import Entity
from kanal.core.listing import ListQuery
from kanal.core.listing.query import usual_filter
from kanal.core.query import Node, parse
from kanal.kit.reading.ids import id_of

SIZES = (25, 50, 100, 200)
SIZE = 50
NAMES = ("filter", "q", "sort", "columns", "group", "limit", "saved")
WRITTEN = (*NAMES[:-1], "cursor", NAMES[-1])
LONGEST = 20_000


@dataclass(frozen=True)
class State:
    """The state in a list's URL. Empty parts default to the type's declaration."""

    filter: str = ""
    q: str = ""
    sort: str = ""
    columns: str = ""
    group: str = ""
    limit: str = ""
    cursor: str = ""
    saved: str = ""
    default: str = ""

    @classmethod
    def of(cls, request: HttpRequest, entity: Entity) -> "State":
        """Return the state from a request's URL. Without a filter in it the type's default filter applies."""
        given = {name: request.GET.get(name, "").replace("\x00", "")[: LONGEST + 1] for name in (*NAMES, "cursor")}
        default = usual_filter(entity, request.user)
        if "filter" not in request.GET:
            given["filter"] = default
        return cls(**given, default=default)

    @property
    def is_filtered(self) -> bool:
        """Return whether the list is narrowed beyond the type's default filter."""
        return bool(self.q) or self.filter != self.default

    @property
    def size(self) -> int:
        """Return the number of rows per page."""
        size = id_of(self.limit)
        return size if size in SIZES else SIZE

    def keys(self, entity: Entity) -> tuple[str, ...]:
        """Return the columns in order."""
        chosen = tuple(key for key in self.columns.split(",") if key)
        return chosen or entity.listing.columns

    def node(self) -> Node:
        """Return the parsed filter. Raise QueryError if it's invalid."""
        return parse(self.filter)

    def ask(self, entity: Entity, user: Any, project: Any = None) -> ListQuery:
        """Return the query for this state. Raise QueryError if the filter is invalid."""
        return ListQuery(
            entity=entity,
            user=user,
            node=self.node(),
            columns=self.keys(entity),
            sort=self.sort,
            text=self.q,
            cursor=self.cursor,
            limit=self.size,
            group=self.group,
            project=project.pk if project is not None else None,
        )

    def but(self, **changes: str) -> "State":
        """Return the state with changed parts, on the first page."""
        return replace(self, **{"cursor": "", **changes})

    @property
    def pairs(self) -> dict[str, str]:
        """Return the non-empty parts by name. A cleared filter is included if there is a default one."""
        pairs = {name: value for name in WRITTEN if (value := getattr(self, name))}
        if self.filter == self.default:
            pairs.pop("filter", None)
        elif not self.filter:
            pairs["filter"] = ""
        return pairs

    def url(self, base: str, **changes: str) -> str:
        """Return the URL of the list with changed parts."""
        pairs = self.but(**changes).pairs
        return f"{base}?{urlencode(pairs, quote_via=quote, safe=',:()|;!.@')}" if pairs else base


def add_parameters(url: str, **pairs: str) -> str:
    """Add non-empty parameters to a URL."""
    query = urlencode({name: value for name, value in pairs.items() if value})
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url
