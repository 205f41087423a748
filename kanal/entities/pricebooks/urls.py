"""Additional URLs of price books."""

from django.urls import path

from kanal.entities.pricebooks import missing, pages

urlpatterns = [
    path("pricing/books/<int:pk>/import-items", pages.import_items, name="book-import-items"),
    path("pricing/", pages.home, name="pricing"),
    path("pricing/overview/", pages.price_overview, name="price-overview"),
    path("pricing/missing/", missing.missing_prices, name="prices-missing"),
    path("pricing/products/<int:pk>/prices", pages.product_prices, name="product-prices"),
    path("pricing/products/<int:pk>/add-price-books", pages.add_books, name="product-add-books"),
    path("pricing/bundles/<int:pk>/prices", pages.bundle_prices, name="bundle-prices"),
    path("pricing/bundles/new", pages.new_bundle, name="bundle-new"),
    path("pricing/bundles/<int:pk>/edit", pages.edit_bundle, name="bundle-edit"),
]
