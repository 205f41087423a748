"""The addresses of what belongs to lists of all types: saved filters, search, pickers, long work."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
