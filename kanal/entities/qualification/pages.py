"""The “Qualify” page: one form for opportunity, account and contact, prefilled from the lead (LEAD-5)."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import registry, writes
from kanal.core.access import FieldContext, get_for, has_permission, readable
from kanal.core.entity import Entity
from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.transitions import without_unreachable
from kanal.entities.leads import rules as lead_rules
from kanal.entities.leads.models import Lead
from kanal.entities.qualification import prefill
from kanal.entities.qualification.actions import PARTS, TYPES, qualify
from kanal.entities.qualification.candidates import Candidates, candidates_of
from kanal.kit.errors import Invalid, Refused
from kanal.web import forms
from kanal.web.http import actor_of, go

SHOWN = {
    "opportunity": ("name", "status", "project", "value", "expected_close_date", "assignee"),
    "account": ("type", "organization", "first_name", "last_name", "email", "phone"),
    "contact": ("first_name", "last_name", "job_title", "email", "phone"),
}
LINKS = {"opportunity": ("account", "main_contact", "origin_lead"), "account": (), "contact": ("account", "partner")}


@dataclass
class Part:
    """One of the three records on the page: matches to choose from, a search, and the fields of a new one."""

    key: str
    title: Any
    group: forms.Group
    matches: Candidates = field(default_factory=Candidates)
    search: forms.Entry | None = None
    choice: str = "new"
    errors: list[str] = field(default_factory=list)


def qualify_lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the page, and qualify the lead."""
    leads = registry.get("leads")
    lead = get_for(request.user, leads, pk, "qualify")
    if reason := lead_rules.why_not_open(lead):
        raise Refused(reason)
    candidates = candidates_of(lead, request.user)
    form = form_of(request, lead)
    parts = [part_of(request, lead, key, group, candidates) for key, group in zip(PARTS, form.groups, strict=True)]
    if request.method == "POST":
        opportunity = try_qualify(request, lead, form, parts)
        if opportunity is not None:
            return go(request, page_after(request, lead, opportunity))
    searches = [part.search for part in parts if part.search]
    forms.fill_titles([*form.entries, *searches], request.user)
    return render_page(request, leads, lead, form, parts)


def page_after(request: HttpRequest, lead: Lead, opportunity: Any) -> str:
    """Return the URL of the opportunity, or of the lead if the user can't see opportunities, such as a lead manager."""
    entity = registry.get("opportunities")
    if has_permission(request.user, entity, "view", opportunity):
        return entity.url(opportunity.pk)
    messages.success(request, _("The lead is qualified. The opportunity is visible to those who may see it."))
    return registry.get("leads").url(lead.pk)


def form_of(request: HttpRequest, lead: Lead) -> forms.Form:
    """Build the form: required and common fields of each record, with the lead's values."""
    shown = readable(request.user, lead)
    preset = {
        "opportunity": prefill.opportunity_of(shown), "account": prefill.account_of(shown),
        "contact": prefill.contact_of(shown),
    }  # fmt: skip
    sections, values = [], {}
    for key in PARTS:
        entity = registry.get(TYPES[key])
        initial = writes.preset_of(entity, actor_of(request), preset[key])
        fields = fields_for(request.user, key, entity)
        for form_field in fields:
            default = form_field.default() if callable(form_field.default) else form_field.default
            values[f"{key}.{form_field.key}"] = preset[key].get(form_field.key, initial.get(form_field.key, default))
        sections.append((str(entity.label), [form_field.but(key=f"{key}.{form_field.key}") for form_field in fields]))
    return forms.build_form(sections, values, request.user)


def fields_for(user: Any, key: str, entity: Entity) -> list[Any]:
    """Return the fields of the form: the common ones, and those required by settings."""
    writable = FieldContext(user, entity).writable
    allowed = {name: without_unreachable(entity, form_field) for name, form_field in writable.items()}
    usual = [allowed[name] for name in SHOWN[key] if name in allowed]
    more = [
        form_field
        for form_field in allowed.values()
        if form_field.required and form_field.key not in (*SHOWN[key], *LINKS[key])
    ]
    return usual + more


def part_of(request: HttpRequest, lead: Lead, key: str, group: forms.Group, candidates: dict[str, Candidates]) -> Part:
    """Return a part of the page and its selection: a linked or exact match, never a similar one."""
    entity = registry.get(TYPES[key])
    if key == "opportunity":
        return Part(key, entity.label, group)
    part = Part(key, entity.label, group, candidates[key], search_of(request, key, entity))
    posted = request.POST.get(f"{key}.choice", "")
    if posted in {str(row.id) for row in part.matches.rows} | {"new", "none", "known"}:
        part.choice = posted
    elif part.matches.chosen is not None:
        part.choice = str(part.matches.chosen)
    elif part.matches.is_open:
        part.choice = ""
    elif key == "contact" and not prefill.has_own_contact(lead, chosen_account(candidates["account"])):
        part.choice = "none"
    return part


def chosen_account(candidates: Candidates) -> Any:
    """Return the certain account, or None."""
    return registry.get("accounts").model._default_manager.filter(pk=candidates.chosen).select_related("type").first()


def search_of(request: HttpRequest, key: str, entity: Entity) -> forms.Entry:
    """Return the search control for an existing record."""
    form_field = Field(f"{key}.known", entity.label, FIELD_TYPES["relation"], target=entity.key)
    return forms.build_entry(form_field, request.POST.get(form_field.key, ""))


def try_qualify(request: HttpRequest, lead: Lead, form: forms.Form, parts: list[Part]) -> Any:
    """Qualify the lead with the submitted values. Show errors at the fields and return None on failure."""
    typed = forms.read_form(form, request.POST)
    values: dict[str, Any] = {}
    for part in parts:
        if part.choice == "new":
            prefix = f"{part.key}."
            values[part.key] = {
                name.removeprefix(prefix): raw for name, raw in typed.items() if name.startswith(prefix)
            }
        elif part.choice:
            values[part.key] = chosen_of(part)
    new = {part.key for part in parts if part.choice == "new"}
    wrong = {entry.name: entry.errors for entry in form.entries if entry.errors and entry.name.partition(".")[0] in new}
    try:
        with transaction.atomic():
            opportunity = qualify(lead, values, by=actor_of(request))
            if wrong:
                raise Invalid(wrong)
        return opportunity
    except Invalid as problem:
        form.refuse(Invalid({**part_errors(problem, parts), **wrong}))
    except Refused as problem:
        form.problems.append(str(problem))
    return None


def part_errors(problem: Invalid, parts: list[Part]) -> dict[str, list]:
    """Return the errors by part. A missing selection is shown at its control."""
    errors = dict(problem.errors)
    for part in parts:
        if part.choice == "known" and part.search and f"{part.key}.id" in errors:
            errors.pop(f"{part.key}.id")
            part.search.errors = [_("Choose a record.")]
            errors[""] = [*errors.get("", []), f"{part.title}: {_('Choose a record.')}"]
    return errors


def chosen_of(part: Part) -> dict[str, Any] | None:
    """Return the selection instead of a new record: an existing one, or none."""
    if part.choice == "known" and part.search:
        return {"id": part.search.text}
    return None if part.choice == "none" else {"id": part.choice}


def render_page(request: HttpRequest, leads: Entity, lead: Lead, form: forms.Form, parts: list[Part]) -> HttpResponse:
    """Return the page."""
    context = {
        "entity": leads, "record": lead, "form": form, "parts": parts, "title": _("Qualify"),
        "cancel": leads.url(lead.pk),
        "trail": [{"label": leads.plural, "url": leads.list_url}, {"label": str(lead), "url": leads.url(lead.pk)}],
    }  # fmt: skip
    return render(request, "qualification/page.html", context, status=422 if form.summary else 200)
