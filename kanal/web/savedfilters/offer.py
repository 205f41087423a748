"""The saved filters offered to a user as tags above a list, and their URLs (LIST-3)."""

from typing import Any
from urllib.parse import quote

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.core.models import SavedFilter
from kanal.core.query import QueryError, format_filter, from_json
from kanal.core.savedfilters import problem_of, visible_filters
from kanal.web.lists.state import State, add_parameters
from kanal.web.lists.views import is_default, view_of


def state_of(saved: SavedFilter) -> State:
    """Return the list state of a saved filter. Raise QueryError if its tree is invalid."""
    return State(
        filter=format_filter(from_json(saved.tree)),
        sort=saved.sort,
        columns=",".join(saved.columns),
        group=saved.group,
        saved=str(saved.pk),
        default=registry.get(saved.entity).listing.default_filter,
    )


def url_of(saved: SavedFilter, entity: Entity, base: str = "") -> str:
    """Return the URL of a saved filter, or "" if it can't be parsed any more."""
    try:
        view, state = view_of(entity, saved.view), state_of(saved)
        return state.url(base or entity.list_url) if is_default(entity, view) else view.url(entity, state)
    except QueryError:
        return ""


def checked(saved: SavedFilter, entity: Entity, user: Any) -> str:
    """Disable a filter that has become invalid, enable it once it's valid again, and return the reason (LIST-3a).

    If it's invalid only for the user, who can't see one of its fields, the reason is returned but nothing is disabled.
    """
    problem = problem_of(saved, entity)[:300]
    if problem != saved.problem:
        saved.problem = problem
        saved.save(update_fields=["problem"])  # direct write: a view of lists, not a record
    return problem or problem_of(saved, entity, user)


def saved_part(state: State) -> tuple[str, ...]:
    """Return what a saved filter stores of a list's state."""
    return state.filter, state.sort, state.columns, state.group


def save_url(entity: Entity, state: State, tags: list[dict[str, Any]], view: str, base: str) -> str:
    """Return the URL of "Save view", or "" if the list shows its default, or a saved filter unchanged."""
    active = [tag for tag in tags if tag["active"]]
    is_new = saved_part(state) != saved_part(State(filter=state.default))
    if not (any(tag["is_changed"] for tag in active) if active else is_new):
        return ""
    return add_parameters(state.url(f"/saved-filters/{entity.key}/save"), view=view, next=base)


def tags_of(user: Any, entity: Entity, state: State, base: str) -> list[dict[str, Any]]:
    """Return the tags above a list. One click applies a filter, a second removes it."""
    tags = []
    for saved in visible_filters(user, entity):
        url = url_of(saved, entity, base)
        active = state.saved == str(saved.pk)
        url = f"{base}?filter={quote(state.default)}" if active else url
        tags.append(
            {
                "label": saved.name,
                "colour": saved.colour or "gray",
                "active": active,
                "is_changed": active and saved_part(state) != saved_part(state_of(saved)),
                "url": url,
            }
        )
    return tags


def default_url(user: Any, entity: Entity, base: str) -> str:
    """Return the URL of the user's default filter: their own, else that of one of their roles."""
    roles = access.permissions_of(user).role_ids
    for_role = ""
    for saved in visible_filters(user, entity):
        if not saved.default_for:
            continue
        if user.pk in saved.default_for.get("users", ()):
            return url_of(saved, entity, base)
        if roles & set(saved.default_for.get("roles", ())):
            for_role = for_role or url_of(saved, entity, base)
    return for_role
