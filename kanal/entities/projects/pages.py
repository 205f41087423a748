"""The CRM page of a project and its members. Lists and boards below it are generic (OP-PROJ)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kanal.core import administration, registry
from kanal.core.access import from_partners, get_for, has_permission, permissions_of
from kanal.core.access.permissions import given_to, with_subprojects
from kanal.core.entity import Tab
from kanal.core.models import Assignment, Role
from kanal.entities.projects.models import Module
from kanal.kit.errors import Invalid, NotAllowed, NotFound
from kanal.web import overview
from kanal.web.http import actor_of, go, id_of
from kanal.web.project_scope import project_of

KEY = "projects"
MANAGE = "manage_members"


def crm_tab(project: Any, user: Any) -> dict[str, Any]:
    """Return the content of the "CRM" tab."""
    return overview.tiles(user, project)


def crm(request: HttpRequest, identifier: str) -> HttpResponse:
    """Show the CRM page of a project."""
    project = project_of(request.user, identifier)
    context = {
        "title": _("CRM of %(project)s") % {"project": project},
        **overview.tiles(request.user, project),
        "trail": [{"label": str(project), "url": f"/projects/{project.pk}/"}],
    }
    return render(request, "projects/crm.html", context)


def may_manage(user: Any, project: Any) -> bool:
    """Return whether the user may manage the members of a project."""
    return administration.may_administer(user) or has_permission(user, registry.get(KEY), MANAGE, project)


def members_tab(project: Any, user: Any) -> dict[str, Any]:
    """Return the content of the "Members" tab."""
    return {
        "members": administration.members_of(project_id=project.pk),
        "may_manage": may_manage(user, project),
        "roles": Role.objects.all(),
    }


@require_POST
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign a role in a project to a user or group. The role can't have a wider scope than the user's own."""
    project = get_for(request.user, registry.get(KEY), pk)
    role = Role.objects.filter(pk=id_of(request.POST.get("role")) or 0).first()
    user_id, group_id = id_of(request.POST.get("user")), id_of(request.POST.get("group"))
    if not may_manage(request.user, project):
        raise NotAllowed
    if role is None or (user_id is None and group_id is None):
        raise Invalid(_("Choose a role, and a user or a group."))
    inherited = request.POST.get("inherited") == "true"
    if not has_there(request.user, role, with_subprojects({pk}) | {pk} if inherited else {pk}):
        raise NotAllowed(_("You can only assign roles that you have yourself."))
    administration.assign(
        role,
        user_id=user_id,
        group_id=None if user_id else group_id,
        project_id=pk,
        inherited=inherited,
        by=actor_of(request),
    )
    return go(request, f"/projects/{pk}/?tab=members")


def has_there(user: Any, role: Role, projects: set[int]) -> bool:
    """Return whether a user has a role in all given projects. Administrators have every role."""
    held = {project for held_role, project in given_to(user.pk)[0] if held_role == role.pk}
    return permissions_of(user).is_admin or None in held or projects <= held


@require_POST
def remove_member(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Remove a role in a project."""
    project = get_for(request.user, registry.get(KEY), pk)
    if not may_manage(request.user, project):
        raise NotAllowed
    assignment = Assignment.objects.filter(pk=member, project_id=pk).first()
    if assignment is None:
        raise NotFound
    administration.withdraw(assignment, by=actor_of(request))
    return go(request, f"/projects/{pk}/?tab=members")


TABS = (
    Tab(
        "crm", gettext_lazy("CRM"), template="pages/overview/tiles.html", context=crm_tab, tells=(),
        hidden=lambda project: Module.CRM not in project.modules,
    ),
    Tab(
        "members", gettext_lazy("Members"), template="projects/members.html", context=members_tab, tells=(),
        hidden_from=from_partners,
    ),
)  # fmt: skip
