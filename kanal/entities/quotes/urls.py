"""Additional URLs of quotes."""

from django.urls import path

from kanal.entities.quotes import pages, product_picker

urlpatterns = [
    path("crm/opportunities/<int:pk>/new-quote", pages.new_quote, name="quote-new"),
    path("crm/quotes/<int:pk>/add-items", product_picker.add_items, name="quote-add-items"),
    path("crm/quotes/<int:pk>/save-items", pages.items, name="quote-items-table"),
    path("crm/quotes/<int:pk>/preview", pages.preview_quote, name="quote-preview"),
    path("crm/quotes/<int:pk>/generate", pages.generate, name="quote-generate"),
    path("crm/quotes/<int:pk>/currency", pages.currency, name="quote-currency"),
]
