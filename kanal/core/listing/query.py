"""The definition of a list, and the resulting query: permitted and filtered records, optionally of a project."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from kanal.core.entity import Entity
from kanal.core.models import ProjectPath
from kanal.core.query import All, FilterContext, Node, QueryError, Test, condition, parse
from kanal.core.query import Any as AnyOf
from kanal.core.query.compiled import Subselect
from kanal.kit.phones import digits_of

LONGEST_ID = 10
SHORTEST_PHONE = 5
SHORTEST_SUBSTRING = 3
NO_FILTER = All()


@dataclass(frozen=True)
class ListQuery:
    """A list as requested by a user. Without a user it includes everything, for a system job.

    `text` is the quick search, `project` limits it to a project and everything under it, `period` to records whose date
    (see `Listing.period`) is in a period (see `period_test`). `group` sorts by a field first. `names` also reads the
    names of related records.
    """

    entity: Entity
    user: Any = None
    node: Node = NO_FILTER
    columns: tuple[str, ...] = ()
    sort: str = ""
    text: str = ""
    cursor: str = ""
    limit: int = 50
    group: str = ""
    project: int | None = None
    period: str = ""
    names: bool = True

    @property
    def reader(self) -> FilterContext:
        """Return the context for the reader's filter and sort."""
        return FilterContext(self.user)

    @property
    def order(self) -> str:
        """Return the complete sort, the group first."""
        sort = self.sort or self.usual_sort
        grouped = {self.group, f"-{self.group}"} & set(sort.split(","))
        return sort if not self.group or grouped else f"{self.group},{sort}"

    @property
    def usual_sort(self) -> str:
        """Return the type's default sort, without fields that the user may not see (ACC-6)."""
        known = self.reader.fields(self.entity)
        parts = self.entity.listing.sort.split(",")
        return ",".join(part for part in parts if part.removeprefix("-").split(".")[0] in known) or "-id"

    @property
    def is_filtered(self) -> bool:
        """Return whether more than permissions, project and the type's default filter limits the list."""
        default = self.entity.listing.default_filter
        return bool(self.text.strip() or self.period) or self.node not in (NO_FILTER, parse(default))

    def but(self, **changes: Any) -> "ListQuery":
        """Return a copy with changed properties."""
        return replace(self, **changes)


def usual_filter(entity: Entity, user: Any) -> str:
    """Return the default filter of a list, unless it uses a field hidden from the reader."""
    text = entity.listing.default_filter
    try:
        condition(parse(text), entity, FilterContext(user))
    except QueryError:
        return ""
    return text


def filter_of_archived(entity: Entity, user: Any) -> str:
    """Return the filter that excludes archived records from every default list and count (LEAD-7)."""
    return usual_filter(entity, user) if "is_archived" in entity.listing.default_filter else ""


def records_of(ask: ListQuery, action: str = "view") -> QuerySet:
    """Return the records of a list, unordered. Raise QueryError for an invalid filter."""
    return matching(ask.entity, conditions_of(ask, action))


def matching(entity: Entity, conditions: Iterable[Q]) -> QuerySet:
    """Return the records of a type that meet some conditions."""
    records = entity.model._default_manager.order_by()
    for clause in conditions:
        records = records.filter(clause)
    return records


def conditions_of(ask: ListQuery, action: str = "view") -> tuple[Q, ...]:
    """Return the conditions of a list: the reader's permissions, filter, quick search, period and project."""
    from kanal.core.access.queryset import condition_for

    conditions = [condition_for(ask.user, ask.entity, action) if ask.user is not None else None]
    conditions.append(condition(ask.node, ask.entity, ask.reader))
    if (node := search_node(ask.entity, ask.text, ask.reader)) is not None:
        conditions.append(condition(node, ask.entity, ask.reader))
    if ask.period:
        conditions.append(condition(period_test(ask.entity, ask.period), ask.entity, ask.reader))
    if ask.project is not None:
        conditions.append(in_project(ask.entity, ask.project))
    return tuple(clause for clause in conditions if clause)


def period_test(entity: Entity, period: str) -> Test:
    """Return the filter for records counted in a period, to open its list.

    A period is a name of `kit.dates.period` ("today", "this_month", "last_30_days") in the reader's time zone, or its
    first and last day ("2026-01-01..2026-03-31").
    """
    first, _dots, last = period.partition("..")
    if last:
        return Test(entity.listing.period, "between", (first, last))
    words = tuple(period.split("_"))
    return Test(entity.listing.period, "within" if len(words) > 1 else "on", words)


def search_node(entity: Entity, text: str, reader: FilterContext) -> Node | None:
    """Return the filter of a quick search: part of a searchable field, its beginning for short text, or the id."""
    text = " ".join(text.replace("\x00", "").split())[:200]
    if not text:
        return None
    fields = [field for field in reader.fields(entity).values() if field.searchable and field.type.category == "text"]
    op = "contains" if len(text) >= SHORTEST_SUBSTRING else "starts"
    tests: list[Node] = [Test(field.key, op, (text,)) for field in fields]
    if len(digits_of(text)[0]) >= SHORTEST_PHONE:
        phones = [
            field for field in reader.fields(entity).values() if field.type.key == "phone" and field not in fields
        ]
        tests += [Test(field.key, "contains", (text,)) for field in phones]
    number = text.removeprefix("#")
    if number.isascii() and number.isdigit() and 0 < len(number) < LONGEST_ID:
        tests.append(Test("id", "is", (number,)))
    return AnyOf(tuple(tests))


def in_project(entity: Entity, project: int) -> Q:
    """Return the condition for records of a project and everything under it. A child record belongs to its parent's."""
    from kanal.core import registry

    below = Subselect(ProjectPath, Q(ancestor_id=project), "descendant_id")
    if entity.scope.project:
        return Q(**{f"{entity.scope.project}__in": below})
    if entity.scope.projects:
        column = entity.model._meta.get_field(entity.scope.projects)
        links = Subselect(column.remote_field.through, Q(project_id__in=below), f"{column.m2m_field_name()}_id")
        return Q(pk__in=links)
    if entity.scope.parent:
        parent = registry.of(entity.model._meta.get_field(entity.scope.parent).related_model)
        if parent is not None and (parent.scope.project or parent.scope.projects):
            return Q(**{f"{entity.scope.parent}__in": Subselect(parent.model, in_project(parent, project))})
    return Q()
