"""A tab's short list of related records, with a link to the full list."""

from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode

from kanal.core import registry
from kanal.core.access import FieldContext, has_permission, visible_to
from kanal.core.entity import Entity, Tab
from kanal.core.fields import Field
from kanal.core.listing import ListQuery
from kanal.core.query import FilterContext, QueryError, condition, order_of, parse
from kanal.web.display import build_fact, name_links
from kanal.web.fieldtypes import Fact

SHOWN = 50
COLUMNS = 7


@dataclass
class Table:
    """Some records of a type as rows of facts."""

    entity: Entity
    rows: list[dict[str, Any]]
    more_url: str
    is_cut: bool
    edit_label: str = ""
    delete_label: str = ""


def related_table(user: Any, tab: Tab, record: Any) -> Table | None:
    """Return the records of a tab's list that the user may see, or None if the list isn't available to them."""
    assert tab.list is not None
    key, text = tab.list
    entity = registry.find(key)
    if entity is None:
        return None
    wanted = text.format(id=record.pk)
    reader = FilterContext(user)
    readable = FieldContext(user, entity).readable
    own = text.partition(":")[0]
    fields = [readable[name] for name in entity.listing.columns if name in readable and name != own][:COLUMNS]
    try:
        records = visible_to(user, entity).filter(condition(parse(wanted), entity, reader))
    except QueryError:  # the relating field is hidden from the user (ACC-6)
        return None
    order = [expression for _key, expression in order_of(ListQuery(entity, user).order, entity, reader)]
    columns = {name for field in fields for name in field.columns()}
    rows = list(records.order_by(*order).values("pk", entity.title, *columns)[: SHOWN + 1])
    more = f"{entity.list_url}?{urlencode({'filter': wanted})}"
    labels = control_labels(user, entity)
    return Table(entity, related_rows(user, entity, fields, rows[:SHOWN]), more, len(rows) > SHOWN, *labels)


def control_labels(user: Any, entity: Entity) -> tuple[str, str]:
    """Return the labels of a row's edit and delete buttons, "" if the user may do so with no record of the type."""
    edit = entity.phrases.edit if has_permission(user, entity, "edit") else ""
    return str(edit), str(entity.phrases.delete if has_permission(user, entity, "delete") else "")


def related_rows(user: Any, entity: Entity, fields: list[Field], rows: list[dict]) -> list[dict[str, Any]]:
    """Convert rows of plain values to facts. Related records are named by one query per type."""
    items: list[dict[str, Any]] = []
    pointed: list[tuple[Fact, list[int]]] = []
    for row in rows:
        facts = [build_fact(field, field.read(row), pointed) for field in fields]
        title = row[entity.title] or f"#{row['pk']}"
        items.append({"pk": row["pk"], "title": title, "url": entity.url(row["pk"]), "facts": facts})
    name_links(user, pointed)
    return items
