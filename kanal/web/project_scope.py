"""Pages below a project: access to the project in a URL."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from kanal.core import registry
from kanal.core.access import visible_to
from kanal.core.keys import PROJECTS
from kanal.kit.errors import NotFound
from kanal.web.http import go


def project_of(user: Any, identifier: str) -> Any:
    """Return the project with this identifier. Raise NotFound if it's hidden from the user or doesn't have the CRM."""
    project = visible_to(user, registry.get(PROJECTS)).filter(identifier=identifier).first()
    if project is None or "crm" not in project.modules:
        raise NotFound
    return project


def in_project(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a view to receive the project in its URL."""

    @wraps(view)
    def ask(request: HttpRequest, identifier: str, **given: Any) -> HttpResponseBase:
        return view(request, project=project_of(request.user, identifier), **given)

    return ask


def by_identifier(request: HttpRequest, identifier: str) -> HttpResponse:
    """Redirect from a project's identifier to its page. Raise NotFound if it isn't visible to the user."""
    projects = registry.get(PROJECTS)
    project = visible_to(request.user, projects).filter(identifier=identifier).first()
    if project is None:
        raise NotFound
    return go(request, projects.url(project.pk))
