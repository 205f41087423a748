"""Which saved filters a user is offered, by page and API alike (LIST-3), and whether each can be read (LIST-3a)."""

from typing import Any

from kanal.core import access
from kanal.core.entity import Entity
from kanal.core.listing import columns_of
from kanal.core.models import SavedFilter
from kanal.core.query import FilterContext, QueryError, condition, from_json, order_of
from kanal.core.query.compiler import resolve_field

PUBLISH = "publish_filters"
# Written out, since each page of a list asks this: putting it together anew takes five times as long as running it.
OFFERED = """
SELECT * FROM core_savedfilter WHERE entity = ANY(%s) AND (
  owner_id = %s OR (audience = 'public' AND %s)
  OR (audience = 'chosen' AND (roles && %s::integer[] OR %s = ANY(user_types)))
) ORDER BY position, name, id
"""


def may_publish(user: Any) -> bool:
    """Return whether a user may offer filters to others: never a partner user (ACC-8)."""
    grants = access.permissions_of(user)
    return not grants.is_external and (grants.is_admin or PUBLISH in grants.permissions)


def visible_filters(user: Any, *types: Entity) -> list[SavedFilter]:
    """Return the saved filters of some types that a user is offered: own ones, public ones, those for their roles.

    Partner users get none of the public ones, only what is opened to their role or user type. A filter that was
    switched off is offered to nobody, nor is one that the user can't read, such as one on a field that they may not
    see (ACC-6, LIST-3a).
    """
    known = {entity.key: entity for entity in types}
    grants = access.permissions_of(user)
    given = [list(known), user.pk, not grants.is_external, list(grants.role_ids), user.user_type]
    rows = SavedFilter.objects.raw(OFFERED, given)
    return [saved for saved in rows if not saved.problem and not problem_of(saved, known[saved.entity], user)]


def managed(user: Any, entity: Entity) -> list[SavedFilter]:
    """Return the saved filters of a type that a user manages: those offered, and broken ones they may repair (LIST-3a).

    One's own are repaired by oneself, those of others by an administrator.
    """
    filters = {saved.pk: saved for saved in visible_filters(user, entity)}
    rows = SavedFilter.objects.filter(entity=entity.key)
    if not access.permissions_of(user).is_admin:
        rows = rows.filter(owner=user)
    broken = [saved for saved in rows if saved.pk not in filters and (saved.problem or problem_of(saved, entity, user))]
    return sorted([*filters.values(), *broken], key=lambda saved: (saved.position, saved.name, saved.pk))


def may_change(user: Any, saved: SavedFilter) -> bool:
    """Return whether a user may change a filter: their own, an administrator any."""
    return saved.owner_id == user.pk or access.permissions_of(user).is_admin


def problem_of(saved: SavedFilter, entity: Entity, user: Any = None) -> str:
    """Return why a saved filter can't be read, by a user or at all; nothing where it can (LIST-3a)."""
    reader = FilterContext(user)
    try:
        condition(from_json(saved.tree), entity, reader)
        if user is not None and saved.sort:
            order_of(saved.sort, entity, reader)
        if user is not None and saved.group:
            resolve_field(saved.group, entity, reader)
    except QueryError as problem:
        return str(problem)
    return ""


def readable_columns(saved: SavedFilter, entity: Entity, user: Any) -> list[str]:
    """Return the columns of a saved filter that a user may see."""
    return [column.key for column in columns_of(entity, saved.columns, FilterContext(user))]
