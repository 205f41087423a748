"""The lists of options: categories, types, statuses (SET-1)."""

from typing import Any

from django.db.models import ForeignKey
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import administration
from kanal.core.administration.choices import ChoiceList
from kanal.kit.errors import Invalid, NotFound
from kanal.web import forms
from kanal.web.form import dialog
from kanal.web.http import actor_of, go, next_of
from kanal.web.settings_pages.rows import clean, fields_from, language_fields, row_values

LEFT_OUT = {"id", "key", "translations", "group"}


def get_choice_list(slug: str) -> ChoiceList:
    """Return a list of options. Raise NotFound if there is none."""
    kept = administration.lists_of_choices().get(slug)
    if kept is None:
        raise NotFound
    return kept


def choice_list(request: HttpRequest) -> HttpResponse:
    """Show all lists."""
    administration.require_administrator(request.user)
    groups: dict[str, list[ChoiceList]] = {}
    for kept in administration.lists_of_choices().values():
        groups.setdefault(kept.owners or _("General"), []).append(kept)
    context = {"title": _("Categories"), "groups": sorted(groups.items())}
    return render(request, "pages/settings/lists.html", context)


def options(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one list with its options."""
    administration.require_administrator(request.user)
    kept = get_choice_list(slug)
    context = {"title": kept.label, "kept": kept, "rows": kept.rows()}
    return render(request, "pages/settings/choices.html", context)


def edit_choice(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Show and process the form of an option."""
    administration.require_administrator(request.user)
    kept = get_choice_list(slug)
    row = kept.rows().filter(pk=pk).first() if pk else None
    if pk and row is None:
        raise NotFound
    names = [field.name for field in kept.model._meta.fields if field.name not in LEFT_OUT and is_plain(field)]
    fields = [*fields_from(kept.model, names), *language_fields()]
    form = forms.build_form([(kept.label, fields)], row_values(row, fields), request.user)
    if request.method == "POST":
        try:
            administration.save_option(kept, row, clean(form, request), by=actor_of(request))
            return go(request, next_of(request, f"/settings/categories/{slug}/"))
        except Invalid as problem:
            form.refuse(problem)
    title = str(row) if row else _("New option")
    context: dict[str, Any] = {"title": title, "form": form, "cancel": f"/settings/categories/{slug}/"}
    return render(request, "pages/settings/form.html", context, status=422 if form.summary else 200)


def is_plain(column: Any) -> bool:
    """Return whether a column can be edited in the form of an option."""
    return bool(column.editable) and not isinstance(column, ForeignKey)


def delete_choice(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask for confirmation, then delete an unused option."""
    administration.require_administrator(request.user)
    kept = get_choice_list(slug)
    row = kept.rows().filter(pk=pk).first()
    if row is None:
        raise NotFound
    if request.method == "POST":
        administration.delete_option(row, by=actor_of(request))
        return go(request, f"/settings/categories/{slug}/")
    return dialog(request, "pages/confirm.html", {"text": _("Are you sure?"), "url": request.path, "record": row})
