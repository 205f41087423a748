"""The page of a new personal contact: it begins on an account or a partner, never by itself (CONT-3)."""

from django.http import HttpRequest, HttpResponse

from kanal.entities.contacts.entity import CONTACTS
from kanal.kit.errors import NotFound
from kanal.web import form


def new_contact(request: HttpRequest) -> HttpResponse:
    """Show the form of a person of the account or partner that the address names."""
    if not request.GET.get("account") and not request.GET.get("partner"):
        raise NotFound
    return form.new_record(request, CONTACTS)
