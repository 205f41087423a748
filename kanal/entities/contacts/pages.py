"""The page to create a personal contact, always from an account or partner (CONT-3)."""

from django.http import HttpRequest, HttpResponse

from kanal.entities.contacts.entity import CONTACTS
from kanal.kit.errors import NotFound
from kanal.web import form


def new_contact(request: HttpRequest) -> HttpResponse:
    """Show the form of a new person at the account or partner in the URL."""
    if not request.GET.get("account") and not request.GET.get("partner"):
        raise NotFound
    return form.new_record(request, CONTACTS)
