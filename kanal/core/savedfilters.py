"""The saved filters offered to a user, for pages and API (LIST-3), and whether each is valid (LIST-3a)."""

from typing import Any

from kanal.core import access
from kanal.core.entity import Entity
from kanal.core.listing import columns_of
from kanal.core.models import SavedFilter
from kanal.core.query import FilterContext, QueryError, condition, from_json, order_of
from kanal.core.query.compiler import resolve_field
from kanal.core.query.saved import offered_rows

PUBLISH = "publish_filters"


def may_publish(user: Any) -> bool:
    """Return whether a user may share filters with others. Partner users never may (ACC-8)."""
    grants = access.permissions_of(user)
    return not grants.is_external and (grants.is_admin or PUBLISH in grants.permissions)


def visible_filters(user: Any, *types: Entity) -> list[SavedFilter]:
    """Return the saved filters of some types offered to a user: own ones, public ones, those for their roles.

    Partner users don't get public filters, only those shared with their role or user type. Deactivated filters aren't
    offered, nor are filters that the user can't read, such as one on a field hidden from them (ACC-6, LIST-3a).
    """
    known = {entity.key: entity for entity in types}
    rows = offered_rows(user, known)
    return [saved for saved in rows if not saved.problem and not problem_of(saved, known[saved.entity], user)]


def managed(user: Any, entity: Entity) -> list[SavedFilter]:
    """Return the filters of a type that a user manages: offered ones, and broken ones they may repair (LIST-3a).

    Users repair their own filters, administrators those of others.
    """
    filters = {saved.pk: saved for saved in visible_filters(user, entity)}
    rows = SavedFilter.objects.filter(entity=entity.key)
    if not access.permissions_of(user).is_admin:
        rows = rows.filter(owner=user)
    broken = [saved for saved in rows if saved.pk not in filters and (saved.problem or problem_of(saved, entity, user))]
    return sorted([*filters.values(), *broken], key=lambda saved: (saved.position, saved.name, saved.pk))


def may_change(user: Any, saved: SavedFilter) -> bool:
    """Return whether a user may change a filter: its owner and administrators may."""
    return saved.owner_id == user.pk or access.permissions_of(user).is_admin


def problem_of(saved: SavedFilter, entity: Entity, user: Any = None) -> str:
    """Return why a saved filter is invalid, in general or for a user, or an empty text (LIST-3a)."""
    reader = reader_of(saved, user)
    try:
        condition(from_json(saved.tree), entity, reader)
        if user is not None and saved.sort:
            order_of(saved.sort, entity, reader)
        if user is not None and saved.group:
            resolve_field(saved.group, entity, reader)
    except QueryError as problem:
        return str(problem)
    return ""


def reader_of(saved: SavedFilter, user: Any) -> FilterContext:
    """Return the context for the conditions of a saved filter, which can't name the filter itself."""
    return FilterContext(user, within=(saved.pk,) if saved.pk else ())


def readable_columns(saved: SavedFilter, entity: Entity, user: Any) -> list[str]:
    """Return the columns of a saved filter that a user may see."""
    return [column.key for column in columns_of(entity, saved.columns, FilterContext(user))]
