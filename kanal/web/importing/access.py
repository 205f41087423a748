"""Access to an import and the permission to import records of a type."""

from typing import Any

from django.http import HttpRequest

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.features.importing.models import Import
from kanal.kit.errors import NotAllowed, NotFound


def permitted(request: HttpRequest, entity: Entity) -> None:
    """Raise NotFound or NotAllowed unless the user may import records of the type."""
    if not entity.is_importable:
        raise NotFound
    if not access.has_permission(request.user, entity, "import"):
        raise NotAllowed


def run_of(request: HttpRequest, pk: int) -> tuple[Import, Entity]:
    """Return an import of the user. Raise NotFound if there is none."""
    user: Any = request.user
    run = Import.objects.filter(pk=pk, user_id=user.pk).first()
    if run is None:
        raise NotFound
    run.user = user
    entity = registry.get(run.entity)
    permitted(request, entity)
    return run, entity
