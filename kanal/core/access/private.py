"""Propagates privacy to records that inherit it, in the same transaction (ACC-5)."""

from typing import Any

from kanal.core import events
from kanal.core.entity import Entity


def spread_privacy(*, entity: Entity, record: Any, changed: set[str]) -> None:
    """Copy the user who alone may see a record to the records that inherit its privacy."""
    from kanal.core import registry

    scope = entity.scope
    decisive = {scope.private, scope.private.removesuffix("_id"), *scope.private_by}
    is_new = record.revision == 1  # nothing depends on it yet
    if not scope.private or is_new or not changed & decisive:
        return
    for child in registry.all_entities():
        name = child.scope.private_from
        if name and child.model._meta.get_field(name).related_model is entity.model:
            alone = {name: record, **dict.fromkeys(child.scope.private_unless)}
            rows = child.model._default_manager.filter(**alone)
            rows.update(**{child.scope.private: getattr(record, scope.private)})
            events.dispatch_many("record.moved", list(rows), entity=child)
