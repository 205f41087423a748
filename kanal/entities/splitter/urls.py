"""Additional URLs of the splitter. The others are generic."""

from django.urls import path

from kanal.entities.splitter import pages

BASE = "settings/splitter-filters/"
urlpatterns = [
    path(BASE, pages.filters, name="splitter-filters"),
    path(f"{BASE}new", pages.new_splitter_filter, name="splitter-new"),
    path(f"{BASE}<int:pk>/edit", pages.edit_splitter_filter, name="splitter-edit"),
    path(f"{BASE}<int:pk>/preview", pages.preview_filter, name="splitter-preview"),
]
