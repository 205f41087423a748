"""Field permissions by role and status (FORM-2), and the visibility of fields (ACC-6)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kanal.core import administration, events, registry
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.models import FieldRule, FieldVisibility, Role
from kanal.kit.errors import Invalid
from kanal.web.http import go, id_of

RULES, VISIBILITY = "/settings/field-rules/", "/settings/field-visibility/"


def types(request: HttpRequest) -> dict[str, Any]:
    """Return the available types, and the selected one with its fields and statuses."""
    wanted = request.GET.get("type") or request.POST.get("type") or ""
    entities = [candidate for candidate in registry.all_entities() if not candidate.path.startswith("settings/")]
    entities.sort(key=lambda candidate: not candidate.has_overview)  # those with most records first
    entity = registry.find(wanted) or entities[0]
    status = fields_of(entity).get(entity.listing.status)
    return {
        "types": entities,
        "entity": entity,
        "fields": [field for field in fields_of(entity).values() if field.key != "id"],
        "statuses": status.options() if status else (),
    }


def rules(request: HttpRequest) -> HttpResponse:
    """Show the rules of a type, and process a new one."""
    administration.require_administrator(request.user)
    context = types(request)
    entity = context["entity"]
    if request.method == "POST":
        field, mode = request.POST.get("field", ""), request.POST.get("mode", "")
        if field not in fields_of(entity) or mode not in FieldRule.Mode.values:
            raise Invalid(_("Choose a field and a rule."))
        role: Any = id_of(request.POST.get("role"))
        status = request.POST.get("status", "")
        if request.POST.get("role") and not Role.objects.filter(pk=role).exists():
            raise Invalid(_("Choose a role from the list."))
        if status and status not in {str(option.key) for option in context["statuses"]}:
            raise Invalid(_("Choose a status from the list."))
        FieldRule.objects.update_or_create(  # direct write: a rule isn't a record type
            entity=entity.key, field=field, role_id=role, status=status, defaults={"mode": mode}
        )
        invalidate()
        events.dispatch("fields.limited", entity=entity)
        return go(request, f"{RULES}?type={entity.key}")
    known, names = fields_of(entity), {option.key: option.label for option in context["statuses"]}
    rows = [
        {
            "row": row,
            "label": known[row.field].label if row.field in known else row.field,
            "status": names.get(row.status, ""),
        }
        for row in FieldRule.objects.filter(entity=entity.key).select_related("role")
    ]
    context |= {
        "title": _("CRM field permissions"),
        "rows": rows,
        "roles": Role.objects.all(),
        "modes": FieldRule.Mode.choices,
    }
    return render(request, "pages/settings/field_rules.html", context)


@require_POST
def delete_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a rule."""
    administration.require_administrator(request.user)
    row = FieldRule.objects.filter(pk=pk).first()
    FieldRule.objects.filter(pk=pk).delete()  # direct write: a rule isn't a record type
    invalidate()
    if row and registry.find(row.entity):
        events.dispatch("fields.limited", entity=registry.get(row.entity))
    return go(request, f"{RULES}?type={row.entity if row else ''}")


def visibility(request: HttpRequest) -> HttpResponse:
    """Show which fields of a type have limited visibility, and process a new one."""
    administration.require_administrator(request.user)
    context = types(request)
    entity, people = context["entity"], registry.get("users")
    user_types = people.model._meta.get_field("user_type").choices
    if request.method == "POST":
        field = request.POST.get("field", "")
        if field not in fields_of(entity) or field in ("id", entity.title):
            raise Invalid(_("Choose a field."))
        given = {
            "groups": [pk for value in request.POST.getlist("groups") if (pk := id_of(value))],
            "users": [pk for value in request.POST.getlist("users") if (pk := id_of(value))],
            "user_types": [
                user_type for user_type in request.POST.getlist("user_types") if user_type in dict(user_types)
            ],
        }
        FieldVisibility.objects.update_or_create(  # direct write: a setting isn't a record type
            entity=entity.key, field=field, defaults=given
        )
        invalidate()
        events.dispatch("fields.limited", entity=entity)
        return go(request, f"{VISIBILITY}?type={entity.key}")
    context["fields"] = [candidate for candidate in context["fields"] if candidate.key != entity.title]
    context |= {"title": _("Field settings"), "rows": visible_rows(entity), "user_types": user_types}
    return render(request, "pages/settings/field_visibility.html", context)


def visible_rows(entity: Any) -> list[dict[str, Any]]:
    """Return the fields of a type with limited visibility and the names of those who can see them."""
    rows = list(FieldVisibility.objects.filter(entity=entity.key))
    known = fields_of(entity)
    names = {}
    for key, column in (("groups", "groups"), ("users", "users")):
        model = registry.get(key).model
        ids = {pk for row in rows for pk in getattr(row, column)}
        names[key] = dict(model._default_manager.filter(pk__in=ids).values_list("pk", "name"))
    types_by_key = dict(registry.get("users").model._meta.get_field("user_type").choices)
    return [
        {
            "row": row,
            "label": known[row.field].label if row.field in known else row.field,
            "who": [
                *(names["groups"].get(pk, f"#{pk}") for pk in row.groups),
                *(str(types_by_key.get(key, key)) for key in row.user_types),
                *(names["users"].get(pk, f"#{pk}") for pk in row.users),
            ],
        }
        for row in rows
    ]


@require_POST
def delete_visibility(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a field visible to everyone again."""
    administration.require_administrator(request.user)
    row = FieldVisibility.objects.filter(pk=pk).first()
    FieldVisibility.objects.filter(pk=pk).delete()  # direct write: a setting isn't a record type
    invalidate()
    if row and registry.find(row.entity):
        events.dispatch("fields.limited", entity=registry.get(row.entity))
    return go(request, f"{VISIBILITY}?type={row.entity if row else ''}")
