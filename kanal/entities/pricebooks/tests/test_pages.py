"""The page of a product's prices: who sees some books alone changes those alone (PB-5, ACC-5, ACC-6)."""

import pytest
from django.test import Client

from kanal.core import registry, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.models import Assignment, FieldVisibility, Role, RoleRule

pytestmark = pytest.mark.django_db


def make(key, **values):
    return writes.create(registry.get(key), values, by=SYSTEM)


@pytest.fixture
def shelf():
    """Make a product with prices in two books, and a clerk who edits products but has a role in one book's project."""
    invalidate()
    projects = [make("projects", name=name, identifier=name) for name in ("ours", "theirs")]
    books = [
        make("price-books", name=f"Book {other_project.name}", projects=[other_project.pk])
        for other_project in projects
    ]
    product = make("products", name="Licence", code="L", category="software")
    prices = [
        make("prices", price_book=book.pk, product=product.pk, price={"amount": amount, "currency": "EUR"})
        for book, amount in zip(books, ("5", "7319"), strict=True)
    ]
    user = make("users", last_name="Clerk", username="clerk", email="clerk@kanal.example")
    for place, project, keys in ((0, None, ["products"]), (1, projects[0], ["price-books", "prices"])):
        role = Role.objects.create(key=f"clerk-{place}", name=f"Clerk {place}")
        for key in keys:
            RoleRule.objects.create(role=role, entity=key, actions=["view", "add", "edit", "delete"], visibility="all")
        Assignment.objects.create(role=role, user=user, project=project)
    rebuild_grants()
    client = Client()
    client.force_login(user)
    yield client, product, books, prices
    invalidate()


def row(price, amount):
    key = price.pk
    return {
        f"amount-{key}": "1",
        f"price-{key}": amount,
        f"price-{key}-currency": "EUR",
        f"recurrence-{key}": "one_off",
    }


def test_prices_of_hidden_books_are_neither_shown_nor_touched(shelf):
    client, product, books, (mine, hidden) = shelf
    url = f"{product.get_absolute_url()}prices"
    page = client.get(url).content.decode()
    assert (f"price-{mine.pk}" in page, f"price-{hidden.pk}" in page, "7319" in page) == (True, False, False)
    posted = {"row": [f"{mine.pk}:{books[0].pk}", f"{hidden.pk}:{books[1].pk}"], **row(mine, "6"), **row(hidden, "1")}
    assert client.post(url, posted).status_code == 422
    posted["row"] = posted["row"][:1]
    assert client.post(url, posted).status_code == 302
    assert client.post(url, {}).status_code == 302
    assert [(price.pk, price.price) for price in product.prices.all()] == [(hidden.pk, 7319)]


def test_a_limited_field_of_prices_is_not_on_the_page(shelf):
    client, product, _books, (mine, _hidden) = shelf
    url = f"{product.get_absolute_url()}prices"
    assert f"unit-{mine.pk}" in client.get(url).content.decode()
    FieldVisibility.objects.create(entity="prices", field="unit", user_types=["director"])
    invalidate()
    assert f"unit-{mine.pk}" not in client.get(url).content.decode()
