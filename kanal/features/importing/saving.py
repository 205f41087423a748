"""Saved mappings: found by the headers of a file, the user's own before shared ones."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from kanal.features.importing.models import Import, SavedMapping

KEPT = ("mapping", "formats", "fixed", "unknown", "match", "mode", "clears")


def visible_mappings(user: Any, entity: str) -> list[SavedMapping]:
    """Return the mappings that a user may choose for a record type. Partner users don't see shared ones."""
    own = Q(user=user)
    allowed = own if user.is_external else own | Q(is_shared=True)
    return list(SavedMapping.objects.filter(allowed, entity=entity).order_by("name", "id"))


def for_heads(user: Any, entity: str, heads: Iterable[str]) -> SavedMapping | None:
    """Return the mapping saved for the same headers, the user's own first, then the latest."""
    wanted = sorted(heads)
    fitting = [mapping for mapping in visible_mappings(user, entity) if mapping.heads == wanted]
    return max(fitting, key=lambda mapping: (mapping.user_id == user.pk, mapping.used_at), default=None)


def save_mapping(run: Import, heads: Iterable[str], name: str, *, is_shared: bool) -> SavedMapping:
    """Save the settings of an import. Replaces the user's mapping of the same name."""
    values = {key: getattr(run, key) for key in KEPT}
    given = {"is_shared": is_shared, "heads": sorted(heads), "values": values}
    saved, _made = SavedMapping.objects.update_or_create(  # direct write: a preference of the user
        entity=run.entity, user=run.user, name=name[:80], defaults=given
    )
    return saved


def apply(run: Import, saved: SavedMapping, offered_keys: Iterable[str]) -> None:
    """Apply a saved mapping to an import, limited to fields that the user may write."""
    keys = set(offered_keys)
    for name, value in saved.values.items():
        if name in KEPT:
            setattr(run, name, value)
    run.mapping = {head: key for head, key in run.mapping.items() if key in keys}
    run.fixed = {key: value for key, value in run.fixed.items() if key in keys}
    run.match = run.match if run.match in run.mapping.values() else ""
    run.preset = saved.name
