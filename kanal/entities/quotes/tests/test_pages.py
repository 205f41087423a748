"""The first steps of a quote where the project has no price book (QUOTE-1)."""

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.entities.quotes.models import Quote
from kanal.entities.quotes.tests.factories import make, shop

pytestmark = pytest.mark.django_db


def test_a_project_without_price_book_is_no_dead_end(client):
    """QUOTE-1: both steps say so and offer free items or another price book; the quote is made all the same."""
    store = shop()
    elsewhere = make("projects", name="South", modules=["crm"])
    writes.change(store.book, {"projects": [elsewhere.pk]}, by=SYSTEM)
    names = {"last_name": "Admin", "username": "boss", "email": "boss@kanal.example"}
    client.force_login(make("users", **names, user_type="administrator"))
    url = registry.get("opportunities").url(store.opportunity.pk)
    first = client.get(f"{url}new-quote").content.decode()
    assert "No price book is open to this project" in first
    assert "/crm/price-books/data/" in first
    made = client.post(f"{url}new-quote", {"do": "create", "currency": "EUR"}, follow=True)
    assert Quote.objects.filter(opportunity=store.opportunity).count() == 1
    second = made.content.decode()
    assert "Type free items" in second
    assert "/crm/price-books/data/" in second
