"""Views of many records, registered by apps: the list, the board, and others that show the same state.

A view has a URL below the type's, an entry in the view switch, and can be chosen for saved filters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase

from kanal.core.entity import Entity
from kanal.kit.registries import Registry
from kanal.web.lists.state import State

Route = tuple[str, str, Callable[..., HttpResponseBase]]


def prefix(project: Any) -> str:
    """Return the path prefix of a project."""
    return f"/projects/{project.identifier}" if project is not None else ""


def base_url(entity: Entity, project: Any = None) -> str:
    """Return the URL of a list, global or in a project."""
    return prefix(project) + entity.list_url


def tools_url(entity: Entity, project: Any = None) -> str:
    """Return the URL prefix of a list's dialogs."""
    return f"{prefix(project)}/{entity.path}/data/"


def every_type(entity: Entity) -> bool:
    """Return True: every type has a list."""
    return True


@dataclass(frozen=True)
class ListView:
    """A view of the records that match a filter.

    `key` names the view in saved filters, `path` returns its path below the type's, `name` is its URL name. `page`
    takes (request, entity, project=None). `parts` are additional paths below `path`, each with a name and a page.
    `applies` tells which types have the view. `ignores` are the parts of a list's state that don't apply here, such
    as columns. A type opens with its view of the lowest `order`.
    """

    key: str
    label: Any
    icon: str
    path: Callable[[Entity], str]
    name: str
    page: Callable[..., HttpResponseBase]
    parts: tuple[Route, ...] = ()
    applies: Callable[[Entity], bool] = every_type
    ignores: tuple[str, ...] = ()
    order: int = 100

    def base(self, entity: Entity, project: Any = None) -> str:
        """Return the view's URL, global or in a project."""
        return f"{prefix(project)}/{entity.path}/{self.path(entity)}"

    def url(self, entity: Entity, state: State, project: Any = None) -> str:
        """Return the URL of a state's records in this view."""
        return state.but(**dict.fromkeys(self.ignores, "")).url(self.base(entity, project))

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the view's URLs, without the prefix of the type."""
        return (self.name, *(name for _end, name, _page in self.parts))

    def routes(self, entity: Entity) -> list[Route]:
        """List the URLs of the view below the type's: (path, name, page)."""
        path = self.path(entity)
        return [(path, self.name, self.page), *((path + end, name, page) for end, name, page in self.parts)]


VIEWS: Registry[ListView] = Registry("views of lists", lambda view: view.label)


def register_view(view: ListView) -> ListView:
    """Register a view."""
    return VIEWS.register(view.key, view)


def views_of(entity: Entity) -> list[ListView]:
    """Return the views of a type in order, its default first."""
    return sorted((view for view in VIEWS.values() if view.applies(entity)), key=lambda view: (view.order, view.key))


def view_of(entity: Entity, key: str) -> ListView:
    """Return the view with a key, or the default one if the type has no such view."""
    views = views_of(entity)
    return next((view for view in views if view.key == key), views[0])


def is_default(entity: Entity, view: ListView) -> bool:
    """Return whether a view is the type's default."""
    return view == views_of(entity)[0]


def switch(entity: Entity, state: State, current: str, project: Any = None) -> list[dict[str, Any]]:
    """Return the entries of the view switch, empty if there is only one view."""
    entries = [
        {
            "label": view.label,
            "icon": view.icon,
            "url": view.url(entity, state, project),
            "is_current": view.key == current,
        }
        for view in views_of(entity)
    ]
    return entries if len(entries) > 1 else []
