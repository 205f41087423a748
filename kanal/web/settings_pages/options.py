"""A page of declared settings, each with its description and default (SET-5)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import settings
from kanal.core.administration import require_administrator
from kanal.kit.errors import NotFound
from kanal.web import display, forms
from kanal.web.http import go
from kanal.web.settings_pages import page_label


def options(request: HttpRequest, page: str) -> HttpResponse:
    """Show and store the settings of a page."""
    require_administrator(request.user)
    fields = [setting.field for setting in settings.declared(page)]
    if not fields:
        raise NotFound
    values = {field.key: settings.value(field.key) for field in fields}
    form = forms.build_form([(page_label(page), fields)], values, request.user)
    for entry in form.entries:
        default = display.format_value(entry.field, entry.field.default)
        entry.note = _("Default: %(value)s") % {"value": default} if default else ""
    if request.method == "POST":
        typed = forms.read_form(form, request.POST)
        for entry in form.entries:
            save_setting(entry, typed)
        if not form.summary:
            messages.success(request, _("Saved"))
            return go(request, request.path)
    context = {"title": page_label(page), "form": form}
    return render(request, "pages/settings/form.html", context, status=422 if form.summary else 200)


def save_setting(entry: forms.Entry, typed: dict) -> None:
    """Store a setting. Show errors beside it."""
    if entry.errors:
        return
    try:
        settings.set_setting(entry.name, typed.get(entry.name))
    except ValueError as problem:
        entry.errors = [str(problem)]
