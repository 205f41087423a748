"""Records as JSON: from model instances and from rows of plain values, with the fields visible to the reader."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigAutoField, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.access.queryset import condition_for
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.field import is_hidden_on
from kanal.core.fields.registry import native_fields
from kanal.core.query.compiled import Param, compiled
from kanal.kit.errors import Invalid

LINKED = "ids_of_"
MOST_INCLUDED = 200


def chosen_fields(user: Any, entity: Entity, names: str = "") -> dict[str, Field]:
    """Return the readable fields, or the requested ones of them. Raise Invalid for others."""
    readable = access.FieldContext(user, entity).readable
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    if unknown := [name for name in wanted if name not in readable and name not in ("id", "revision", "custom")]:
        raise Invalid.on("fields", _("There is no field “%(field)s”.") % {"field": unknown[0][:80]})
    if not wanted:
        return readable
    return {key: field for key, field in readable.items() if key in wanted or (field.is_custom and "custom" in wanted)}


def included_fields(user: Any, entity: Entity, fields: dict[str, Field], names: str) -> dict[str, Field]:
    """Add the relations to include to the fields to read."""
    readable = access.FieldContext(user, entity).readable
    wanted = [name.strip() for name in names.split(",")]
    return {**fields, **{name: readable[name] for name in wanted if name in readable}}


def nest(pairs: Iterable[tuple[Field, Any]]) -> dict[str, Any]:
    """Return dumped values as one object, with custom ones under `custom`."""
    native: dict[str, Any] = {}
    custom: dict[str, Any] = {}
    for field, value in pairs:
        (custom if field.is_custom else native)[field.name] = field.dump(value)
    return {**native, "custom": custom}


def read_record(user: Any, entity: Entity, pk: int) -> Any:
    """Return one record visible to a user, with its links, using one query. Return None if there is none."""
    return compiled(seen_with_links, entity, condition_for(user, entity)).first(pk=pk)


def seen_with_links(entity: Entity, condition: Q | None) -> QuerySet:
    """Return the query of one record with its links."""
    records = entity.model._default_manager.filter(pk=Param("pk", BigAutoField())).order_by()
    return with_links(entity, records if condition is None else records.filter(condition))


def with_links(entity: Entity, records: QuerySet) -> QuerySet:
    """Annotate records with the ids of linked records, one column per field."""
    return records.annotate(
        **{LINKED + field.key: related_ids(field) for field in native_fields(entity) if field.links is not None}
    )


def related_ids(field: Field) -> ArraySubquery:
    """Return the linked ids of a record's field."""
    links: Any = field.links
    near, far = f"{links.m2m_field_name()}_id", f"{links.m2m_reverse_field_name()}_id"
    rows = links.remote_field.through._default_manager.filter(**{near: OuterRef("pk")})
    return ArraySubquery(rows.order_by(far).values(far))


def from_record(record: Any, fields: dict[str, Field]) -> dict[str, Any]:
    """Return a stored record that was read with its links as JSON."""
    pairs = (
        (field, field.get(record) if is_plain(field, record) else getattr(record, LINKED + key))
        for key, field in fields.items()
        if key != "id"
    )
    return {"id": record.pk, **nest(pairs), "revision": record.revision}


def is_plain(field: Field, record: Any) -> bool:
    """Return whether a field's value isn't read from the annotated links."""
    return field.links is None or is_hidden_on(field, record)


def include(user: Any, entity: Entity, items: list[dict[str, Any]], names: str) -> None:
    """Add related or dependent records to each item under `included`."""
    for name in [name.strip() for name in names.split(",") if name.strip()][:10]:
        field = access.FieldContext(user, entity).readable.get(name)
        if field is not None and field.target and not field.is_custom:
            include_target(user, field, items)
        elif (child := registry.find(name)) and parent_column(child, entity) in access.FieldContext(
            user, child
        ).askable:
            include_children(user, child, entity, items)
        else:
            raise Invalid.on("include", _("There is no relation “%(name)s”.") % {"name": name[:80]})


def drop_unasked(items: list[dict[str, Any]], fields: dict[str, Field], read: dict[str, Field]) -> None:
    """Drop fields that were only read for included records."""
    for key in read.keys() - fields.keys():
        for item in items:
            del item[key]


def include_target(user: Any, field: Field, items: list[dict[str, Any]]) -> None:
    """Add the target records of a relation."""
    target = registry.get(field.target)
    wanted = {pk for item in items for pk in as_list(item.get(field.key))}
    fields = access.FieldContext(user, target).readable
    rows = with_links(target, access.visible_to(user, target).filter(pk__in=wanted))
    targets_by_id = {row.pk: from_record(row, fields) for row in rows}
    for item in items:
        records = [targets_by_id[pk] for pk in as_list(item.get(field.key)) if pk in targets_by_id]
        single = field.type.category == "relation"
        item.setdefault("included", {})[field.key] = (records[0] if records else None) if single else records


def as_list(value: Any) -> list[int]:
    """Return the ids of a relation, one or several."""
    return value if isinstance(value, list) else [value] if value else []


def parent_column(child: Entity, entity: Entity) -> str:
    """Return the column by which a type depends on another, or an empty text."""
    columns = child.model._meta.concrete_fields
    return next((column.name for column in columns if column.is_relation and column.related_model is entity.model), "")


def include_children(user: Any, child: Entity, entity: Entity, items: list[dict[str, Any]]) -> None:
    """Add the records of another type that depend on these."""
    column = parent_column(child, entity)
    wanted = [item["id"] for item in items]
    below = access.visible_to(user, child).filter(**{f"{column}__in": wanted})
    rows = with_links(child, below.order_by("pk"))[:MOST_INCLUDED]
    fields = access.FieldContext(user, child).readable
    children_by_parent: dict[int, list] = defaultdict(list)
    for row in rows:
        children_by_parent[getattr(row, f"{column}_id")].append(from_record(row, fields))
    for item in items:
        item.setdefault("included", {})[child.key] = children_by_parent[item["id"]]
