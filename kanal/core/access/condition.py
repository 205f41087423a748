"""Access conditions as values: a `Q` for querysets, and its components for other uses.

Search derives from a condition which words index entries visible to a user contain, and sorting whether a relation
hides only a few records. Nothing outside this package takes a `Q` apart.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from kanal.core.query.compiled import Subselect, is_hashable


@dataclass(frozen=True, eq=False)
class AccessCondition:
    """A condition on the records of a type: a comparison, several joined by `connector`, or any other `q`.

    A comparison names the `column` that decides who sees a record, such as `owner_ids`, and the accepted `values`.
    `parts` are the joined conditions. `hidden` selects the few withheld records if all others are permitted: the
    private ones of other users. `parent` is the condition on the parents, if a record is visible with its parent.
    """

    q: Q
    column: str = ""
    values: tuple[Any, ...] = ()
    connector: str = ""
    parts: tuple["AccessCondition", ...] = ()
    hidden: Q | None = None
    parent: "AccessCondition | None" = None

    @classmethod
    def of(cls, condition: "AccessCondition | Q") -> "AccessCondition":
        """Return an app's own condition, which may be a plain `Q`, as an AccessCondition."""
        if isinstance(condition, cls):
            return condition
        return next((known for known in (EVERYTHING, NOTHING) if known.q == condition), cls(condition))  # type: ignore[arg-type]

    def __or__(self, other: "AccessCondition") -> "AccessCondition":
        """Join by OR. Django treats an empty condition as nothing, here it means everything."""
        if EVERYTHING in (self, other):
            return EVERYTHING
        if self is NOTHING or self.q == other.q:
            return other
        return self if other is NOTHING else joined(Q.OR, self, other)

    def __and__(self, other: "AccessCondition") -> "AccessCondition":
        """Join by AND."""
        if NOTHING in (self, other):
            return NOTHING
        if self is EVERYTHING or self.q == other.q:
            return other
        return self if other is EVERYTHING else joined(Q.AND, self, other)

    @property
    def hides_little(self) -> bool:
        """Return whether only private records of other users are withheld, here or on the parent."""
        return self is EVERYTHING or self.hidden is not None or (self.parent is not None and self.parent.hides_little)

    @property
    def is_local(self) -> bool:
        """Return whether the condition can be evaluated on the record alone, without subqueries."""
        return is_hashable(self.q) and not any(isinstance(value, Subselect) for value in self.q.flatten())


def joined(connector: str, first: AccessCondition, second: AccessCondition) -> AccessCondition:
    """Join two conditions without simplifying them."""
    q = first.q | second.q if connector == Q.OR else first.q & second.q
    return AccessCondition(q, connector=connector, parts=(first, second))


def compare(column: str, *values: Any, lookup: str = "") -> AccessCondition:
    """Return the condition that a column has a value, or one of some by a lookup, which receives them as a list.

    Raise ValueError for several values without a lookup.
    """
    if lookup:
        return AccessCondition(Q(**{f"{column}__{lookup}": list(values)}), column, values)
    (value,) = values
    return AccessCondition(Q(**{column: value}), column, values)


NOTHING = AccessCondition(Q(pk__in=[]))
EVERYTHING = AccessCondition(Q())
