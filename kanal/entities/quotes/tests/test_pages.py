"""The first steps of a quote: the choice of items, and a project without a price book (QUOTE-1)."""

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.entities.accounts.tests.factories import make_user
from kanal.entities.quotes.models import Quote
from kanal.entities.quotes.tests.factories import make, price, quote, shop

pytestmark = pytest.mark.django_db


def test_a_project_without_price_book_is_no_dead_end(client):
    """QUOTE-1: both steps say so and offer free items or another price book; the quote is made all the same."""
    store = shop()
    elsewhere = make("projects", name="South", modules=["crm"])
    writes.change(store.book, {"projects": [elsewhere.pk]}, by=SYSTEM)
    client.force_login(make_user(user_type="administrator"))
    url = registry.get("opportunities").url(store.opportunity.pk)
    first = client.get(f"{url}new-quote").content.decode()
    assert "No price book is open to this project" in first
    assert "/pricing/books/data/" in first
    made = client.post(f"{url}new-quote", {"do": "create", "currency": "EUR"}, follow=True)
    assert Quote.objects.filter(opportunity=store.opportunity).count() == 1
    second = made.content.decode()
    assert "Type free items" in second
    assert "/pricing/books/data/" in second


def test_quote_1_the_choice_names_units_and_recurrences_also_where_the_price_names_none(client):
    of = shop()
    price(of.book, make("products", name="Support", code="SUP", category="support", default_unit="hour"), "90")
    whole = make("bundles", name="Whole", price_book=of.book.pk, own_price=False, default_unit="piece")
    make("bundle-items", bundle=whole.pk, product=of.setup.pk, weight=1)
    client.force_login(make_user(user_type="administrator"))
    address = f"/crm/quotes/{quote(of, items=[]).pk}/add-items"
    page = client.get(address).content.decode()
    for label in ("CRM licence, Licence, Monthly", "Support, Hour", "Whole, Piece"):
        assert f'aria-label="{label}"' in page
    review = client.post(address, {"do": "next", "pick": f"b{whole.pk}"}).content.decode()
    assert "<td>Piece</td><td></td>" in review
