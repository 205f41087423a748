"""Pages of accounts that aren't generic: forms by type, and favorites."""

from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kanal.core.access import get_for, require
from kanal.core.entity import Entity
from kanal.entities.accounts.entity import ACCOUNTS
from kanal.entities.accounts.models import AccountType
from kanal.web import form

FAVOURITES = "favourite_of:is(me)"
PERSON, ORGANIZATION = {"first_name", "last_name"}, {"organization"}


@cache
def accounts_without(names: frozenset[str]) -> Entity:
    """Return the declaration of accounts without the name fields that their type lacks (ACCT-1)."""
    sections = tuple(
        replace(section, fields=tuple(key for key in section.fields if key not in names))
        for section in ACCOUNTS.sections
    )
    return replace(ACCOUNTS, sections=sections)


def accounts_of(key: str | None) -> Entity:
    """Return the declaration of accounts of a type."""
    kind: Any = AccountType.by_key(key or "")
    if kind is None:
        return ACCOUNTS
    names = (set() if kind.has_personal_name else PERSON) | (set() if kind.has_organization else ORGANIZATION)
    return accounts_without(frozenset(names)) if names else ACCOUNTS


def new_account(request: HttpRequest) -> HttpResponse:
    """Ask for the type of a new account, then show its form (ACCT-2). A single type is chosen automatically."""
    types = [row for row in AccountType.rows() if row.is_active]
    if request.method == "POST" or "type" in request.GET or len(types) < 2:
        return form.new_record(request, accounts_of(request.POST.get("type") or request.GET.get("type")))
    require(request.user, ACCOUNTS, "add")
    choices = []
    for row in types:
        query = request.GET.copy()
        query["type"] = row.key
        choices.append({"row": row, "url": f"?{query.urlencode()}", **look_of(row)})
    return render(request, "accounts/new.html", {"choices": choices, "title": _("New account"), "entity": ACCOUNTS})


def look_of(row: AccountType) -> dict[str, str]:
    """Return the icon of an account type, and what it is for."""
    if row.has_organization and row.has_personal_name:
        return {"icon": "address-book", "text": _("A company together with the person you deal with")}
    if row.has_personal_name:
        return {"icon": "user", "text": _("A private person")}
    return {"icon": "building", "text": _("A company, an authority or an association")}


def edit_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form of an account with the name fields of its type."""
    key = request.POST.get("type") or get_for(request.user, ACCOUNTS, pk).type.key
    return form.edit_record(request, accounts_of(key), pk)


def favourites(request: HttpRequest) -> HttpResponse:
    """Redirect to the list of the user's favorite accounts."""
    return redirect(f"{ACCOUNTS.list_url}?{urlencode({'filter': FAVOURITES})}")
