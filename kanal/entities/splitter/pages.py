"""Additional pages of the splitter: filters in order, the form with conditions and shares, the preview."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import registry, writes
from kanal.core.access import FieldContext, get_for, has_permission, require, visible_to
from kanal.core.query import FilterContext
from kanal.entities.splitter import actions, conditions, reading, split_form
from kanal.entities.splitter import preview as rehearsal
from kanal.entities.splitter.models import SplitterFilter
from kanal.kit.errors import Invalid, NotAllowed
from kanal.web import forms
from kanal.web.http import actor_of, go, next_of
from kanal.web.lists import filter_text

KEY = "splitter-filters"
OWN = ("shares",)
LIMITED = {"conditions", "shares"}
UNPROCESSED = "split_at:empty;assignee:empty;partner:empty;stage:any(new,touched);is_archived:is(no)"
DAYS = 90


def filters(request: HttpRequest) -> HttpResponse:
    """List the filters in the order they apply to new leads."""
    entity = registry.get(KEY)
    require(request.user, entity, "view")
    rows = [
        {"row": row, "words": words_for(request.user, row), **reading.of_filter(row, request.user)}
        for row in visible_to(request.user, entity).order_by("position", "id")[:200]
    ]
    return render(
        request,
        "splitter/filters.html",
        {
            "rows": rows, "title": entity.plural, "unprocessed": f"/crm/leads/data/?filter={UNPROCESSED}",
            "may_add": has_permission(request.user, entity, "add"),
            "may_execute": has_permission(request.user, entity, "execute"),
            "count": actions.unprocessed().count(),
        },
    )  # fmt: skip


def words_for(user: Any, row: SplitterFilter) -> list[dict[str, Any]]:
    """Return a filter's conditions as chips, empty if the field is hidden from the reader (ACC-6)."""
    if "conditions" not in FieldContext(user, registry.get(KEY)).readable:
        return []
    node = conditions.parse_conditions(row.conditions)
    return filter_text.shown_parts(node, registry.get("leads"), FilterContext(user))


def new_splitter_filter(request: HttpRequest) -> HttpResponse:
    """Show and process the form of a new filter."""
    require(request.user, registry.get(KEY), "add")
    return form_page(request, None)


def edit_splitter_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and process the form of an existing filter."""
    entity = registry.get(KEY)
    row = get_for(request.user, entity, pk, "edit")
    if not set(FieldContext(request.user, entity).readable) >= LIMITED:
        raise NotAllowed
    return form_page(request, row)


def form_page(request: HttpRequest, row: SplitterFilter | None) -> HttpResponse:
    """Show the form. Store it and redirect if it's valid."""
    form = form_of(request, row)
    entered = split_form.typed(request.POST) if request.method == "POST" else split_form.stored(row)
    if request.method == "POST":
        plain = forms.read_form(form, request.POST)
        if request.POST.get("then") != "more":
            saved = save_filter(request, row, form, entered, plain)
            if saved is not None:
                return go(request, next_of(request, registry.get(KEY).url(saved.pk)))
    forms.fill_titles(form.entries, request.user)
    return render_filter_form(request, row, form, entered)


def form_of(request: HttpRequest, row: SplitterFilter | None) -> forms.Form:
    """Build the plain part of the form."""
    entity = registry.get(KEY)
    allowed = FieldContext(request.user, entity).writable
    sections = [
        (section.title, [allowed[key] for key in section.fields if key in allowed and key not in OWN])
        for section in entity.sections
    ]
    fields = [field for _title, group in sections for field in group]
    values = {field.key: field.get(row) if row else field.default for field in fields}
    return forms.build_form(sections, values, request.user)


def save_filter(
    request: HttpRequest,
    row: SplitterFilter | None,
    form: forms.Form,
    entered: split_form.Entered,
    plain: dict[str, Any],
) -> Any:
    """Store the filter. Show errors at its rows and fields and return None on failure."""
    values = {**plain, "shares": split_form.shares_of(entered)}
    by = actor_of(request)
    try:
        wrong = {entry.name: entry.errors for entry in form.entries if entry.errors}
        if entered.errors or wrong:
            raise Invalid({**wrong, **entered.errors})
        return writes.change(row, values, by=by) if row else writes.create(registry.get(KEY), values, by=by)
    except Invalid as problem:
        for key in OWN:
            if key in problem.errors:
                entered.errors[key] = [str(message) for message in problem.errors[key]]
        form.refuse(Invalid({key: texts for key, texts in problem.errors.items() if key not in OWN}))
    return None


def render_filter_form(
    request: HttpRequest, row: SplitterFilter | None, form: forms.Form, entered: split_form.Entered
) -> HttpResponse:
    """Return the form."""
    entity = registry.get(KEY)
    summary = [
        *form.summary,
        *({"label": "", "id": f"f-{key}", "text": text} for key in OWN for text in entered.errors.get(key, ())),
    ]
    title = str(row) if row else _("New lead splitter filter")
    context = {
        "form": form, "entered": entered, "summary": summary, "title": title,
        "cancel": entity.url(row.pk) if row else entity.list_url, "holders": split_form.share_holders(request.user),
        "trail": [{"label": entity.plural, "url": entity.list_url}],
    }  # fmt: skip
    return render(request, "splitter/form.html", context, status=422 if summary else 200)


def preview_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Preview a filter: how many leads each would get, without assigning any (SPLIT-2)."""
    entity = registry.get(KEY)
    row = get_for(request.user, entity, pk)
    recent = request.GET.get("leads") == "recent"
    result = rehearsal.preview_distribution(row, days=DAYS if recent else 0)
    if "shares" not in FieldContext(request.user, entity).readable:
        result["shares"] = []
    context = {
        **result, "row": row, "recent": recent, "days": DAYS, "words": words_for(request.user, row),
        "title": _("Preview"),
        "trail": [{"label": entity.plural, "url": entity.list_url}, {"label": str(row), "url": entity.url(pk)}],
    }  # fmt: skip
    return render(request, "splitter/preview.html", context)
