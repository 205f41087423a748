"""Roles: their permissions by record type, and members who have them everywhere (SET-1, ACC-1…3)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kanal.core import administration, registry
from kanal.core.administration.permissions import GLOBAL
from kanal.core.entity import Entity
from kanal.core.models import Assignment, Role, RoleRule
from kanal.core.models.access import Visibility
from kanal.kit.errors import Invalid, NotFound
from kanal.kit.text import slugify_key
from kanal.web import forms
from kanal.web.http import actor_of, go, id_of
from kanal.web.settings_pages.rows import clean, fields_from, row_values

URL = "/settings/roles/"
FEATURES = ("comments", "files")


def basic() -> dict[str, str]:
    """Return the labels of the permissions that every type has."""
    return {
        "view": _("View"), "add": _("Add"), "edit": _("Edit"), "edit_own": _("Edit own"), "delete": _("Delete"),
        "export": _("Export"), "import": _("Import"),
    }  # fmt: skip


def global_labels() -> dict[str, str]:
    """Return the labels of the permissions that aren't tied to a type."""
    labels = [
        _("Administer settings"),
        _("Manage user targets"),
        _("Manage dashboards for others"),
        _("Publish saved filters"),
    ]
    return dict(zip(GLOBAL, labels, strict=True))


def role_list(request: HttpRequest) -> HttpResponse:
    """Show the roles."""
    administration.require_administrator(request.user)
    return render(
        request, "pages/settings/roles.html", {"title": _("Roles and permissions"), "roles": Role.objects.all()}
    )


def new_role(request: HttpRequest) -> HttpResponse:
    """Show and process the form of a new role."""
    administration.require_administrator(request.user)
    fields = fields_from(Role, ("name", "description"))
    form = forms.build_form([(_("Role"), fields)], row_values(None, fields), request.user)
    if request.method == "POST":
        try:
            values = clean(form, request)
            role = Role(key=slugify_key(values["name"], "role").replace("_", "-"), **values)
            if Role.objects.filter(key=role.key).exists():
                raise Invalid.on("name", _("Another role already has this name."))
            administration.save_rules(role, {}, [], by=actor_of(request))
            return go(request, f"{URL}{role.pk}/")
        except Invalid as problem:
            form.refuse(problem)
    context = {"title": _("New role"), "form": form, "cancel": URL}
    return render(request, "pages/settings/form.html", context, status=422 if form.summary else 200)


def get_role(request: HttpRequest, pk: int) -> Role:
    """Return a role for an administrator to change. Raise NotFound or NotAllowed."""
    administration.require_administrator(request.user)
    record = Role.objects.filter(pk=pk).first()
    if record is None:
        raise NotFound
    return record


def role(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a role's permission matrix, and store it."""
    record = get_role(request, pk)
    if request.method == "POST":
        rules = {key: posted_rule(request, key) for key in [*registry.keys(), *FEATURES]}
        administration.save_rules(record, rules, request.POST.getlist("global"), by=actor_of(request))
        messages.success(request, _("Saved"))
        return go(request, f"{URL}{pk}/")
    rules_by_type = {rule.entity: rule for rule in RoleRule.objects.filter(role=record)}
    context = {
        "title": record.name,
        "role": record,
        "basic": basic(),
        "rows": [matrix_row(entity, rules_by_type.get(entity.key)) for entity in registry.all_entities()],
        "features": [feature_row(key, rules_by_type.get(key)) for key in FEATURES],
        "visibilities": Visibility.choices,
        "globals": [(key, label, key in record.permissions) for key, label in global_labels().items()],
        "members": administration.members_of(role=record),
        "trail": [{"label": _("Roles and permissions"), "url": URL}],
    }
    return render(request, "pages/settings/role.html", context)


def posted_rule(request: HttpRequest, key: str) -> tuple[list[str], str]:
    """Return a type's permissions and visibility from the form. Unknown ones are dropped."""
    entity = registry.find(key)
    known = {*basic(), *(action.needs for action in registry.actions(entity))} if entity else {*basic(), "private"}
    actions = [action for action in request.POST.getlist(f"{key}.actions") if action in known]
    wanted = request.POST.get(f"{key}.visibility", "")
    return actions, wanted if wanted in Visibility.values else Visibility.OWN


def matrix_row(entity: Entity, rule: RoleRule | None) -> dict[str, Any]:
    """Return a type's row of the matrix."""
    given = set(rule.actions) if rule else set()
    verbs = {action.needs: str(action.label) for action in registry.actions(entity) if not action.button.begins}
    return {
        "key": entity.key,
        "label": entity.plural,
        "cells": [(key, label, key in given) for key, label in basic().items()],
        "verbs": [(key, label, key in given) for key, label in verbs.items() if key not in basic()],
        "visibility": rule.visibility if rule else Visibility.OWN,
    }


def feature_row(key: str, rule: RoleRule | None) -> dict[str, Any]:
    """Return the row of comments or files, which depend on their records."""
    given = set(rule.actions) if rule else set()
    label = _("Comments") if key == "comments" else _("Files")
    names = {verb: basic()[verb] for verb in ("add", "edit", "delete")}
    if key == "comments":
        names["private"] = _("See private ones")
    cells = [(verb, name, verb in given) for verb, name in names.items()]
    return {"key": key, "label": label, "cells": cells}


@require_POST
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign the role to a user or a group everywhere."""
    record = get_role(request, pk)
    user_id, group_id = id_of(request.POST.get("user")), id_of(request.POST.get("group"))
    if user_id is None and group_id is None:
        raise Invalid(_("Choose a user or a group."))
    administration.assign(record, user_id=user_id, group_id=None if user_id else group_id, by=actor_of(request))
    return go(request, f"{URL}{pk}/")


@require_POST
def remove_member(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Remove a member from the role."""
    record = get_role(request, pk)
    assignment = Assignment.objects.filter(pk=member, role=record, project=None).first()
    if assignment is None:
        raise NotFound
    administration.withdraw(assignment, by=actor_of(request))
    return go(request, f"{URL}{pk}/")
