"""The tabs of a record's page, with the number of records in each (DET-1)."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import BigAutoField, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from kanal.core import registry
from kanal.core.access import FieldContext, has_permission, hidden_fields, permissions_of, reads_all
from kanal.core.access.queryset import condition_for
from kanal.core.entity import Entity, Tab
from kanal.core.fields import Field
from kanal.core.query import FilterContext, condition, parse
from kanal.core.query.compiled import Param, compiled
from kanal.features.files.actions import files

OVERVIEW, FILES, HISTORY = "overview", "files", "history"
MOST = 100  # counted at most, so that a tab of a million records costs as little as others


class CountUpTo(Subquery):
    """The number of rows of a limited query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


@dataclass(frozen=True)
class ShownTab:
    """A tab that a user sees, with the field by which the records of its list point at the record, if it is one."""

    tab: Tab
    own: Field | None = None


def shown_tabs(entity: Entity, record: Any, user: Any) -> list[ShownTab]:
    """Return the declared tabs of a record whose data the user may see."""
    contexts: dict[str, FieldContext] = {}
    shown = []
    for tab in registry.tabs(entity):
        if tab.is_hidden(record, user) or not reads_all(user, tab.tells):
            continue
        own = own_field(user, tab, contexts)
        if tab.list is None or own is not None:
            shown.append(ShownTab(tab, own))
    return shown


def own_field(user: Any, tab: Tab, contexts: dict[str, FieldContext]) -> Field | None:
    """Return the field by which a tab's records point at the record, or None if the user can't filter by it (ACC-6).

    `contexts` keeps the fields of each type, since several tabs may list the same one.
    """
    child = registry.find(tab.list[0]) if tab.list is not None else None
    if tab.list is None or child is None or not has_permission(user, child, "view"):
        return None
    if child.key not in contexts:
        contexts[child.key] = FieldContext(user, child)
    names = [part.partition(":")[0] for part in tab.list[1].split(";")]
    fields = contexts[child.key].askable
    return fields[names[0]] if set(names) <= fields.keys() else None


def tabs_of(user: Any, entity: Entity, record: Any, chosen: str) -> list[dict[str, Any]]:
    """List the tabs: overview, those of the type and of other apps, files, history."""
    url = entity.url(record.pk)
    own = shown_tabs(entity, record, user)
    tabs: list[tuple[str, Any]] = [(OVERVIEW, _("Overview")), *((shown.tab.key, shown.tab.label) for shown in own)]
    tabs += [(FILES, _("Files"))] if entity.has_files else []
    tabs += [(HISTORY, _("History"))] if entity.has_history else []
    counts = count_tabs(user, entity, record.pk, own)
    return [
        {
            "label": label,
            "url": url if key == OVERVIEW else f"{url}?tab={key}",
            "active": key == chosen,
            "count": count_text(counts.get(key)),
        }
        for key, label in tabs
    ]


def count_text(count: int | None) -> str:
    """Return the count of a tab, empty if it isn't counted or has nothing."""
    if not count:
        return ""
    return f"{MOST - 1}+" if count >= MOST else str(count)


def count_tabs(user: Any, entity: Entity, pk: int, tabs: list[ShownTab]) -> dict[str, int]:
    """Return the number of records in the tabs that are lists, and of files, by key of the tab, in one statement."""
    lists = []
    for shown in tabs:
        if shown.tab.list is not None and shown.own is not None:
            child, text = registry.get(shown.tab.list[0]), shown.tab.list[1]
            rest = condition_of(text.partition(";")[2], child)
            lists.append((shown.tab.key, child, shown.own.column, rest, condition_for(user, child)))
    seen_files = (permissions_of(user).is_external, hidden_fields(user)) if entity.has_files else None
    if not lists and seen_files is None:
        return {}
    row = compiled(counts_of, entity, tuple(lists), seen_files).first(pk=pk)
    keys = [key for key, *_rest in lists] + ([FILES] if seen_files is not None else [])
    return dict(zip(keys, row, strict=True)) if row is not None else {}


@cache
def condition_of(text: str, child: Entity) -> Q:
    """Return the condition of the declared rest of a tab's filter, which is the same for every reader."""
    return condition(parse(text), child, FilterContext()) if text else Q()


def counts_of(
    entity: Entity, lists: tuple[tuple[str, Entity, str, Q, Q | None], ...], seen_files: tuple[bool, tuple] | None
) -> QuerySet:
    """Return the query for the counts on one record."""
    counts = []
    for _key, child, column, narrowed, visible in lists:
        records = child.model._default_manager.order_by().filter(narrowed, **{column: OuterRef("pk")})
        counts.append(CountUpTo((records if visible is None else records.filter(visible)).values("pk")[:MOST]))
    if seen_files is not None:
        attached = files(entity.key, OuterRef("pk"), *seen_files).order_by()
        counts.append(CountUpTo(attached.values("pk")[:MOST]))
    return entity.model._default_manager.order_by().filter(pk=Param("pk", BigAutoField())).values_list(*counts)
