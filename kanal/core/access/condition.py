"""Which records somebody may do something with, as a value: a `Q` for querysets, and what it is made of for the rest.

Search reads from it which words the entries have that a user may see, sorting whether little is hidden behind a
relation. Both ask this value, and nothing outside of this package takes a `Q` apart.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from kanal.core.query.compiled import Subselect, is_hashable


@dataclass(frozen=True, eq=False)
class AccessCondition:
    """A condition on the records of a type: a comparison, several joined by `connector`, or any other `q`.

    A comparison names the `column` that says who sees a record, such as `owner_ids`, and the `values` of which a record
    has one. `parts` are the conditions that are joined. `hidden` selects the few records that are held back, where all
    others are let through: those that others have to themselves. `parent` is the condition of the parents, where a
    record is let through with its parent.
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
        """Return a room's own condition, which may be a plain `Q`, as one of these."""
        if isinstance(condition, cls):
            return condition
        return next((known for known in (EVERYTHING, NOTHING) if known.q == condition), cls(condition))  # type: ignore[arg-type]

    def __or__(self, other: "AccessCondition") -> "AccessCondition":
        """Join by OR; Django takes an empty condition for nothing, here it is everything."""
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
        """Return whether no more is held back than what others have to themselves, here or on the parent."""
        return self is EVERYTHING or self.hidden is not None or (self.parent is not None and self.parent.hides_little)

    @property
    def is_local(self) -> bool:
        """Return whether it reads a record by itself, without a query of others."""
        return is_hashable(self.q) and not any(isinstance(value, Subselect) for value in self.q.flatten())


def joined(connector: str, first: AccessCondition, second: AccessCondition) -> AccessCondition:
    """Return two conditions joined as they are."""
    q = first.q | second.q if connector == Q.OR else first.q & second.q
    return AccessCondition(q, connector=connector, parts=(first, second))


def compare(column: str, *values: Any, lookup: str = "") -> AccessCondition:
    """Return the condition that a column has one of some values; with a lookup it is given them as a list."""
    q = Q(**{f"{column}__{lookup}": list(values)}) if lookup else Q(**{column: values[0]})
    return AccessCondition(q, column, values)


NOTHING = AccessCondition(Q(pk__in=[]))
EVERYTHING = AccessCondition(Q())
