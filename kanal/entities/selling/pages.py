"""The page of the sale: the active quote, the checks, and the confirmation (SOLD-1)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kanal.core import registry
from kanal.core.access import get_for
from kanal.core.context import today
from kanal.entities.contracts.models import Contract
from kanal.entities.quotes.detail_blocks import may_add_quote
from kanal.entities.quotes.table import quote_table
from kanal.entities.selling.actions import sold
from kanal.entities.selling.checking import active_quote, checks, won_statuses
from kanal.kit.errors import Invalid, Refused
from kanal.web.http import actor_of, go, next_of


def sale(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sale and missing requirements, and confirm the deal."""
    opportunity = get_for(request.user, registry.get("opportunities"), pk, "sold")
    quote, problem = active_quote(opportunity), ""
    back = next_of(request, opportunity.get_absolute_url())
    statuses = won_statuses(opportunity)
    asked = request.POST.get("status") or request.GET.get("status")
    status = next(
        (candidate.key for candidate in statuses if candidate.key == asked), statuses[0].key if statuses else ""
    )
    if request.method == "POST":
        try:
            values = {"status": status, "accept_expired": request.POST.get("accept_expired") == "1"}
            sold(opportunity, values, by=actor_of(request))
            messages.success(request, won_message(opportunity))
            return go(request, back)
        except (Invalid, Refused) as refusal:
            problem = str(refusal)
    results = checks(opportunity, quote, request.user, status)
    table = quote_table(quote, request.user, "") if quote else None
    if table:
        table.is_open = False
    context = {
        "opportunity": opportunity,
        "quote": quote,
        "table": table,
        "may_add_quote": quote is None and may_add_quote(request.user, opportunity),
        "checks": results,
        "problem": problem,
        "is_ready": all(check.is_right for check in results) and not opportunity.is_locked,
        "is_locked": opportunity.is_locked,
        "expired": quote is not None and quote.is_expired(today()),
        "last_day": quote and (quote.valid_until or quote.due),
        "status": status,
        "statuses": statuses,
        "back": back,
    }
    return render(request, "selling/sold.html", context, status=422 if problem else 200)


def won_message(opportunity: Any) -> str:
    """Return what the sale of an opportunity led to."""
    count = Contract.objects.filter(opportunity=opportunity.pk).count()
    contracts = ngettext("This deal has %(count)d contract.", "This deal has %(count)d contracts.", count)
    return f"{_('Deal won.')} {contracts % {'count': count}}" if count else _("Deal won.")
