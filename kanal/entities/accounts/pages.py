"""The pages of accounts that no generic page can serve: the choice of a type for a new one, one's favourites."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kanal.core.access import require
from kanal.entities.accounts.entity import ACCOUNTS
from kanal.entities.accounts.models import AccountType
from kanal.web import form

FAVOURITES = "favourite_of:is(me)"


def new(request: HttpRequest) -> HttpResponse:
    """Ask for the type of a new account, then show the generic form (ACCT-2); one type alone needs no question."""
    types = [row for row in AccountType.rows() if row.is_active]
    if request.method == "POST" or "type" in request.GET or len(types) < 2:
        return form.new(request, ACCOUNTS)
    require(request.user, ACCOUNTS, "add")
    choices = []
    for row in types:
        query = request.GET.copy()
        query["type"] = row.key
        choices.append({"row": row, "url": f"?{query.urlencode()}"})
    return render(request, "accounts/new.html", {"choices": choices, "title": _("New account"), "entity": ACCOUNTS})


def favourites(request: HttpRequest) -> HttpResponse:
    """Lead to the list of one's favourite accounts."""
    return redirect(f"{ACCOUNTS.list_url}?{urlencode({'filter': FAVOURITES})}")
