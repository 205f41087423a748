"""What a write keeps true beside the fields themselves: owners, converted money, search, what children inherit."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from kanal.core import currencies, events, locks
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields import Field, fields_of
from kanal.core.fields.field import is_hidden_on
from kanal.core.models import Change
from kanal.core.writes.currency import settle_currency
from kanal.kit.errors import Refused

# The indexes of lists carry the owners, and an entry of an index holds 2,700 bytes.
MOST_PEOPLE = 100


def derive(entity: Entity, record: Any, changed: set[str]) -> None:
    """Fill computed columns: what the room computes, then money in the main currency where the money is another."""
    settle_currency(entity, record)
    money = [field for field in fields_of(entity).values() if field.converted]
    before = {field.key: money_of(record, field) for field in money}
    if entity.rules.derive:
        entity.rules.derive(record, changed)
    for field in money:
        amount, currency = money_of(record, field)
        is_other = field.key in changed or before[field.key] != (amount, currency)
        if is_other or (amount is not None and getattr(record, field.converted) is None):
            setattr(record, field.converted, currencies.to_main(amount, currency))


def money_of(record: Any, field: Field) -> tuple[Any, str]:
    """Return amount and currency as they stand on the record."""
    return getattr(record, field.column), getattr(record, field.currency)


def owners_of(entity: Entity, record: Any) -> list[int]:
    """Return the ids of the users to whom a record belongs: author, assignee, members, those of its parents.

    Raise Refused for too many people of its own.
    """
    owner_ids: set[int] = set()
    for name in entity.scope.owners:
        if name in {column.name for column in entity.model._meta.many_to_many}:
            owner_ids |= linked(record, name)
        elif hasattr(record, f"{name}_id"):
            owner_ids.add(getattr(record, f"{name}_id"))
    if len(owner_ids) > MOST_PEOPLE:
        raise Refused(
            _("A record can have at most %(count)s owners; use roles to let others see it.") % {"count": MOST_PEOPLE}
        )
    for name in entity.scope.inherits:
        parent = getattr(record, name)
        owner_ids |= set(parent.owner_ids) if parent is not None and hasattr(parent, "owner_ids") else set()
    return sorted(owner_ids - {None})


def linked(record: Any, name: str) -> set[int]:
    """Return the ids of a record's links: those that wait to be stored with it, else those that are stored."""
    for field, ids in record.__dict__.get("pending_links", {}).items():
        if field.column == name:
            return set(ids)
    return {owner.pk for owner in getattr(record, name).all()} if record.pk else set()


def store_owners(entity: Entity, record: Any) -> None:
    """Keep `owner_ids` true; it is derived, so it is no change of its own in the history."""
    if not hasattr(record, "owner_ids"):
        return
    owners = owners_of(entity, record)
    if owners != record.owner_ids:
        record.owner_ids = owners
        Model.save(record, update_fields=["owner_ids"])


def scope_of(entity: Entity, record: Any) -> tuple:
    """Return what decides who sees a record, to compare before and after a change."""
    return tuple(getattr(record, "owner_ids", ()))


def spread_scope(entity: Entity, record: Any, before: tuple) -> None:
    """Hand new owners on to the records that inherit them from this one, and on to theirs (an account's people)."""
    from kanal.core import registry

    if scope_of(entity, record) == before:
        return
    for child in registry.all_entities():
        for name in child.scope.inherits:
            if child.model._meta.get_field(name).related_model is entity.model:
                for row in locks.lock(child.model._default_manager.filter(**{name: record})):
                    owners = scope_of(child, row)
                    store_owners(child, row)
                    if scope_of(child, row) != owners:
                        events.dispatch("record.moved", entity=child, record=row)
                    spread_scope(child, row, owners)


def update_search(entity: Entity, record: Any, changed: Iterable[str]) -> None:
    """Tell search what a record is found by now; it listens in the same transaction."""
    events.dispatch("record.saved", entity=entity, record=record, changed=set(changed))


def remove_from_search(entity: Entity, pk: int) -> None:
    """Tell search that a record is gone."""
    events.dispatch("record.deleted", entity=entity, pk=pk)


def changed_since(entity: Entity, record: Any, revision: int, wanted: set[str], by: Actor) -> dict[str, Any]:
    """Return the fields that others changed since a revision, with present values, as far as the actor reads them."""
    from kanal.core.access import FieldContext

    fields = FieldContext(by.user, entity).readable
    newest = Change.objects.filter(entity=entity.key, record_id=record.pk, kind=Change.Kind.CHANGED).order_by("-id")
    touched: set[str] = set()
    for row in newest[: max(record.revision - revision, 1)]:
        touched |= {key.removesuffix("_id") for key in (row.new or {})}
    known = {key: fields[key] for key in sorted(touched) if key in fields}
    return {key: field.dump(field.get(record)) for key, field in known.items() if not is_hidden_on(field, record)}
