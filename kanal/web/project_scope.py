"""Pages below a project: the project of an address, through the access layer."""

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
    """Return the project of this identifier that the user may see and that has the CRM; raise NotFound."""
    project = visible_to(user, registry.get(PROJECTS)).filter(identifier=identifier).first()
    if project is None or "crm" not in project.modules:
        raise NotFound
    return project


def in_project(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Have a page get the project that its address names."""

    @wraps(view)
    def ask(request: HttpRequest, identifier: str, **given: Any) -> HttpResponseBase:
        return view(request, project=project_of(request.user, identifier), **given)

    return ask


def by_identifier(request: HttpRequest, identifier: str) -> HttpResponse:
    """Lead from a project's identifier to its page; raise NotFound for one that the user may not see."""
    projects = registry.get(PROJECTS)
    project = visible_to(request.user, projects).filter(identifier=identifier).first()
    if project is None:
        raise NotFound
    return go(request, projects.url(project.pk))
