"""Changes by others since an editor read a record (FORM-3)."""

from typing import Any

from kanal.core.access import FieldContext
from kanal.core.actor import Actor
from kanal.core.entity import Entity
from kanal.core.fields.field import is_hidden_on
from kanal.core.models import Change


def changed_since(entity: Entity, record: Any, revision: int, by: Actor) -> dict[str, Any]:
    """Return the fields changed by others since a revision, with current values visible to the actor."""
    fields = FieldContext(by.user, entity).readable
    newest = Change.objects.filter(entity=entity.key, record_id=record.pk, kind=Change.Kind.CHANGED).order_by("-id")
    touched: set[str] = set()
    for row in newest[: max(record.revision - revision, 1)]:
        touched |= {key.removesuffix("_id") for key in (row.new or {})}
    known = {key: fields[key] for key in sorted(touched) if key in fields}
    return {key: field.dump(field.get(record)) for key, field in known.items() if not is_hidden_on(field, record)}
