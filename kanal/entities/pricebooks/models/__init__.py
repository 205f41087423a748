"""Models: attributes of products, books, products, their prices, bundles."""

from kanal.entities.pricebooks.models.bundles import Bundle, BundleItem
from kanal.entities.pricebooks.models.described import Brand, ProductCategory, ProductVersion, TaxRate, Unit
from kanal.entities.pricebooks.models.priced import Price, PriceBook, Product, Recurrence

__all__ = [
    "Brand",
    "Bundle",
    "BundleItem",
    "Price",
    "PriceBook",
    "Product",
    "ProductCategory",
    "ProductVersion",
    "Recurrence",
    "TaxRate",
    "Unit",
]
