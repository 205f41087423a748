"""The addresses of what belongs to lists of all types: saved filters, search, pickers, long work."""

from django.urls import path

from kanal.web import search

urlpatterns = [
    path("search", search.search_page, name="search"),
    path("pick/<slug:key>", search.pick, name="pick"),
]
