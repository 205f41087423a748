"""The currencies in use, the main currency, and rates by date."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import access, administration
from kanal.core import currencies as core_currencies
from kanal.core.cache import invalidate
from kanal.core.context import today
from kanal.core.conversion import renew_conversions
from kanal.core.models import Currency, ExchangeRate
from kanal.kit.errors import Invalid
from kanal.web import forms
from kanal.web.http import go
from kanal.web.settings_pages.rows import fields_from


def currencies(request: HttpRequest) -> HttpResponse:
    """Show the currencies with today's rates, and process a new rate."""
    administration.require_administrator(request.user)
    fields = fields_from(ExchangeRate, ("day", "rate"))
    form = forms.build_form([("", fields)], {"day": today()}, request.user)
    if request.method == "POST":
        try:
            save_rate(request, form)
            messages.success(request, _("Saved"))
            return go(request, request.path)
        except Invalid as problem:
            form.refuse(problem)
    rates = core_currencies.rates()
    rows = [{"row": currency, "rate": rates.get(currency.code)} for currency in Currency.objects.all()]
    context = {"title": _("Currencies"), "rows": rows, "form": form, "main": core_currencies.main()}
    return render(request, "pages/settings/currencies.html", context, status=422 if form.summary else 200)


def save_rate(request: HttpRequest, form: forms.Form) -> None:
    """Store the rate of a currency from a date on. Raise Invalid for wrong input."""
    currency = Currency.objects.filter(code=request.POST.get("currency", "")).first()
    if currency is None or currency.is_main:
        raise Invalid(_("Choose a currency other than the main one."))
    typed = forms.read_form(form, request.POST)
    values, errors = {}, {entry.name: entry.errors for entry in form.entries if entry.errors}
    for entry in form.entries:
        try:
            values[entry.name] = entry.field.clean(typed.get(entry.name), access.clean_context(request.user))
        except ValueError as problem:
            errors.setdefault(entry.name, [str(problem)])
    if not errors and values["rate"] <= 0:
        errors["rate"] = [_("Enter a rate above 0.")]
    if errors:
        raise Invalid(errors)
    ExchangeRate.objects.update_or_create(  # direct write: a rate isn't a record type
        currency=currency, day=values["day"], defaults={"rate": values["rate"]}
    )
    invalidate()
    renew_conversions.defer()
