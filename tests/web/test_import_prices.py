"""Items imported into a price book (PB-9)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kanal.core.cache import invalidate
from kanal.core.models import Currency
from kanal.entities.accounts.tests.factories import make
from kanal.entities.leads.tests.factories import make_user
from kanal.entities.pricebooks.models import Price
from kanal.entities.quotes.tests.factories import shop
from kanal.features.importing.models import Import

pytestmark = pytest.mark.django_db


def test_items_go_into_their_book(client):
    """PB-9: by product code, with unit, amount, price and currency; new, changed, unchanged and wrong ones are told."""
    Currency.objects.update_or_create(code="NOK", defaults={"in_use": True})
    invalidate()
    client.force_login(make_user(user_type="administrator"))
    of = shop()
    book, first, second = make("price-books", name="New", brands=[of.brand.pk]), of.licence, of.setup
    led = client.get(f"/pricing/books/{book.pk}/import-items")
    assert led["Location"] == f"/pricing/prices/import?price_book={book.pk}"
    content = "Product;Amount;Price;Price (currency)\ncrm;1;1.250,50;NOK\nSET;10;99;\nC-3;1;5;\n"
    url = client.post(led["Location"], {"file": SimpleUploadedFile("p.csv", content.encode())})["Location"]
    run = Import.objects.get()
    assert run.fixed["price_book"] == book.pk
    form = {f"column-{place}": key for place, key in enumerate(["product", "amount", "price", "price.currency"])}
    client.post(url, {**form, "all-price_book": book.pk, "all-recurrence": "one_off", "do": "run"})
    rows = {row.product_id: row for row in Price.objects.filter(price_book=book)}
    assert (str(rows[first.pk].price), rows[first.pk].currency, rows[second.pk].amount) == ("1250.5000", "NOK", 10)
    run.refresh_from_db()
    assert ([row.line for row in run.refusals.all()], run.created) == ([4], 2)
