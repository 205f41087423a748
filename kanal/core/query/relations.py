"""Conditions on relations: the records of a test, limited to those visible to the reader (ACC-5)."""

from typing import Any

from django.db.models import BigIntegerField, Case, Q, When
from django.db.models.functions import Cast
from django.db.models.lookups import In

from kanal.core.access.condition import AccessCondition
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.query.compiled import Subselect
from kanal.core.query.expressions import raw
from kanal.core.query.tree import Test, wrong_value
from kanal.kit.reading.ids import id_of

WORDS = ("me", "my team", "my partner")


def relation(field: Field, test: Test, reader: Any) -> Q:
    """Compare ids. `me`, `my team` and `my partner` refer to the reader."""
    ids = [number for value in test.values for number in relation_ids(test, value, reader)]
    if field.key == "id":
        return Q(pk__in=ids)
    if field.links is not None:
        return linked(field, reader, Q(**{f"{field.links.m2m_reverse_field_name()}_id__in": ids}))
    if field.is_custom:
        named = Q(In(raw(field), [str(number) for number in ids]))
    else:
        named = Q(**{f"{field.column}_id__in": ids})
    return named & seen_behind(field, reader)


def relation_ids(test: Test, value: str, reader: Any) -> list[int]:
    """Convert one value of a relation to ids."""
    from kanal.core.access import permissions_of

    word = value.strip().lower().replace("-", " ").replace("_", " ")
    if word in WORDS:
        if reader.user is None:
            return []
        grants = permissions_of(reader.user)
        if word == "my partner":
            return [grants.partner_id] if grants.partner_id else []
        return grants.team if word == "my team" else [grants.user_id]
    if id_of(value) is None:
        raise wrong_value(test, value)
    return [int(value)]


def linked(field: Field, reader: Any, more: Q | None = None) -> Q:
    """Return the condition for records that reference a record visible to the reader."""
    if field.links is not None:
        through, target = field.links.remote_field.through, field.links.m2m_reverse_field_name()
        wanted = (more or Q()) & seen_at(f"{target}_id", reader.limit(field.target))
        return Q(pk__in=Subselect(through, wanted, f"{field.links.m2m_field_name()}_id"))
    held = Q(custom__has_key=field.name) if field.is_custom else Q(**{f"{field.column}_id__isnull": False})
    return held & seen_behind(field, reader)


def seen_behind(field: Field, reader: Any, prefix: str = "") -> Q:
    """Return the condition that a relation's target is visible, empty without restrictions."""
    limit = reader.limit(field.target)
    if limit is None:
        return Q()
    if field.is_custom:
        entity, condition = limit
        return Q(In(Cast(raw(field, prefix), BigIntegerField()), Subselect(entity.model, condition.q)))
    return seen_at(f"{prefix}{field.column}_id", limit)


def seen_at(column: str, limit: tuple[Entity, AccessCondition] | None) -> Q:
    """Return the condition that the record with the id in a column is visible."""
    if limit is None:
        return Q()
    entity, condition = limit
    if condition.hidden is not None:  # few records: excluding them is faster than searching all others
        return ~Q(**{f"{column}__in": Subselect(entity.model, condition.hidden)})
    return Q(**{f"{column}__in": Subselect(entity.model, condition.q)})


def as_seen(expression: Any, field: Field, reader: Any, prefix: str = "") -> Any:
    """Return an expression behind a relation if the reader may see the record there, otherwise NULL (LIST-3a)."""
    condition = seen_behind(field, reader, prefix)
    return Case(When(condition, then=expression)) if condition else expression
