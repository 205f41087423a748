"""Pages below a project: the project of an address, through the door."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from kanal.core import registry
from kanal.core.access import visible_to
from kanal.kit.errors import NotFound


def project_of(user: Any, identifier: str) -> Any:
    """Give the project of this identifier that the user may see and that has the CRM; raise NotFound."""
    project = visible_to(user, registry.get("projects")).filter(identifier=identifier).first()
    if project is None or "crm" not in project.modules:
        raise NotFound
    return project


def in_project(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Have a page get the project that its address names."""

    @wraps(view)
    def ask(request: HttpRequest, identifier: str, **given: Any) -> HttpResponseBase:
        return view(request, project=project_of(request.user, identifier), **given)

    return ask
