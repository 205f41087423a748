"""Makes what tests of quotes and sales need: a project, an opportunity, a price book with products and a bundle."""

from dataclasses import dataclass
from typing import Any

from kanal.core.actor import SYSTEM
from kanal.entities.accounts.tests.factories import make


@dataclass
class Shop:
    """A price book in a project, with an opportunity to quote for."""

    project: Any
    account: Any
    opportunity: Any
    book: Any
    brand: Any
    licence: Any
    setup: Any
    bundle: Any


def shop() -> Shop:
    """Make a licence at 20 EUR a month (150 for ten), set-up at 120 EUR or 1300 NOK an hour, a bundle at 999.99 EUR."""
    project = make("projects", name="North", modules=["crm"])
    account = make("accounts", organization="Fjord AS", type="account", vat_number="")
    opportunity = make("opportunities", name="Fjord deal", project=project.pk, account=account.pk)
    brand = make("brands", name="Kanal")
    book = make("price-books", name="Nordic", brands=[brand.pk], projects=[project.pk])
    licence = make("products", name="CRM licence", code="CRM", category="software", default_unit="licence")
    setup = make("products", name="Set-up", code="SET", category="implementation", default_unit="hour")
    price(book, licence, "20", unit="licence", recurrence="monthly")
    price(book, licence, "150", unit="licence", recurrence="monthly", amount=10)
    price(book, setup, "120", unit="hour")
    price(book, setup, "1300", "NOK", unit="hour")
    bundle = make("bundles", name="Starter", price_book=book.pk)
    make("bundle-items", bundle=bundle.pk, product=licence.pk, weight=1)
    make("bundle-items", bundle=bundle.pk, product=setup.pk, weight=1)
    make("prices", price_book=book.pk, bundle=bundle.pk, price={"amount": "999.99", "currency": "EUR"})
    return Shop(project, account, opportunity, book, brand, licence, setup, bundle)


def price(book: Any, product: Any, cost: str, currency: str = "EUR", **values: Any) -> Any:
    """Make a price of a product."""
    money = {"amount": cost, "currency": currency}
    return make("prices", price_book=book.pk, product=product.pk, price=money, **values)


def quote(of: Shop, items: list[dict] | None = None, **values: Any) -> Any:
    """Make a quote from the shop's book, with one item of each kind unless told otherwise."""
    from kanal.entities.quotes.actions import new_quote

    if items is None:
        items = [
            {"product": of.licence.pk, "amount": 12},
            {"product": of.setup.pk, "amount": 3},
            {"bundle": of.bundle.pk},
            {"name": "Travel", "amount": 2, "unit_price": "50"},
        ]
    attributes = {"price_book": of.book.pk, "brand": of.brand.pk, "items": items, **values}
    return new_quote(of.opportunity, attributes, by=SYSTEM)
