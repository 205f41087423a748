"""The demo company's products, price books by region with prices in several currencies, and bundles."""

import datetime as dt
from decimal import Decimal
from typing import Any

from kanal.core import currencies
from kanal.demo.company.context import Scene
from kanal.demo.company.people import setup_moment

# Code, name, category, unit, recurrence, price in EUR.
PRODUCTS = (
    ("FJ-CORE", "Fjell Core", "software", "user", "yearly", 480),
    ("FJ-WMS", "Fjell Warehouse", "software", "user", "yearly", 360),
    ("FJ-FIELD", "Fjell Field Service", "software", "user", "yearly", 300),
    ("FJ-BI", "Fjell Analytics", "software", "user", "yearly", 240),
    ("FJ-SHOP", "Fjell Web Shop Connector", "software", "licence", "yearly", 3600),
    ("FJ-SCAN", "Fjell Scanner App", "software", "licence", "one_off", 190),
    ("SU-BASIC", "Basic support", "support", "month", "monthly", 250),
    ("SU-PREM", "Premium support", "support", "month", "monthly", 690),
    ("CL-S", "Private cloud S", "private-cloud", "month", "monthly", 420),
    ("CL-L", "Private cloud L", "private-cloud", "month", "monthly", 1150),
    ("IM-DAY", "Implementation", "implementation", "day", "one_off", 1100),
    ("IM-TRAIN", "Training on site", "implementation", "day", "one_off", 1250),
    ("IM-MIGR", "Data migration", "implementation", "piece", "one_off", 4800),
    ("CH-DAY", "Change request", "change", "day", "one_off", 1180),
)
STEPS = {"FJ-CORE": ((25, Decimal("0.9")), (100, Decimal("0.8")))}
# Name, regions, currencies, open to partners.
BOOKS = (
    ("Nordics", ("crm-nordics",), ("NOK", "EUR"), True),
    ("DACH and Central Europe", ("crm-dach", "crm-central-europe"), ("EUR", "CZK"), True),
    ("Western Europe and Iberia", ("crm-western-europe", "crm-iberia"), ("EUR", "GBP"), True),
    ("Overseas", ("crm-overseas",), ("USD", "EUR"), False),
)
# Code, name, own price in EUR (or none: the sum), (product, amount, weight).
BUNDLES = (
    ("START", "Starter package", 14_900, (("IM-DAY", 8, 50), ("IM-TRAIN", 2, 20), ("IM-MIGR", 1, 30))),
    ("MOVE", "Move to the cloud", None, (("IM-MIGR", 1, 60), ("IM-DAY", 4, 40))),
)
TEXT = "One base for orders, stock and service; grows with the company."


def make_catalogue(scene: Scene) -> None:
    """Create products, books, prices and bundles."""
    moment, admin = setup_moment(scene), scene.users["admin"]
    brand = scene.make("brands", {"name": "Fjell"}, moment, admin)
    versions = [
        scene.make("product-versions", {"name": f"Fjell {year}", "position": place}, moment, admin)
        for place, year in enumerate((scene.today.year - 1, scene.today.year))
    ]
    for code, name, category, unit, recurrence, euro in PRODUCTS:
        scene.products[code] = scene.make(
            "products",
            {
                "code": code, "name": name, "category": category, "default_unit": unit, "tax_rate": "standard",
                "description": TEXT if recurrence == "yearly" else "", "minimum_margin": "20",
                "cost": {"amount": str(round(Decimal(euro) * Decimal("0.55"), 2)), "currency": "EUR"},
            },
            moment, admin,
        )  # fmt: skip
    for name, regions, codes, is_open in BOOKS:
        book = scene.make(
            "price-books",
            {
                "name": name, "projects": [scene.projects[identifier].pk for identifier in regions],
                "brands": [brand.pk], "product_versions": [version.pk for version in versions],
                "open_to_partners": is_open,
                "description": f"Prices in {' and '.join(codes)}.",
            },
            moment, admin,
        )  # fmt: skip
        for region in regions:
            scene.books[region] = (book, codes, brand, versions)
        fill_book(scene, book, codes, moment)


def fill_book(scene: Scene, book: Any, codes: tuple[str, ...], moment: dt.datetime) -> None:
    """Add prices and bundles to a book in its currencies."""
    admin = scene.users["admin"]
    for currency in codes:
        for code, _name, _category, _unit, recurrence, euro in PRODUCTS:
            for amount, factor in ((1, Decimal(1)), *STEPS.get(code, ())):
                price = in_currency(euro * amount * factor, currency)
                values = {"product": scene.products[code].pk, "amount": amount, "recurrence": recurrence}
                scene.make("prices", {**values, "price_book": book.pk, "price": price}, moment, admin)
    for code, name, whole, parts in BUNDLES:
        bundle = scene.make(
            "bundles",
            {"price_book": book.pk, "code": code, "name": name, "own_price": whole is not None, "tax_rate": "standard",
             "default_unit": "piece"},
            moment, admin,
        )  # fmt: skip
        scene.bundles[f"{book.pk}:{code}"] = bundle
        for position, (product, amount, weight) in enumerate(parts):
            values = {"product": scene.products[product].pk, "amount": amount, "weight": weight}
            scene.make("bundle-items", {**values, "bundle": bundle.pk, "position": position}, moment, admin)
        for currency in codes if whole else ():
            price = in_currency(Decimal(whole or 0), currency)
            scene.make("prices", {"price_book": book.pk, "bundle": bundle.pk, "price": price}, moment, admin)


def in_currency(euro: Decimal | int, currency: str) -> dict[str, str]:
    """Convert an amount in EUR to a rounded one in another currency."""
    rate = currencies.rates(None).get(currency) or Decimal(1)
    amount = Decimal(euro) / rate
    step = Decimal(10) if amount > 1000 else Decimal(1)
    return {"amount": str(round(amount / step) * step), "currency": currency}
