"""The product's URLs, and the floor behind all of its middleware."""

from django.urls import path

from bench.floor import rows
from kanal.config.urls import handler400, handler403, handler404, handler500
from kanal.config.urls import urlpatterns as product

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [path("bench/signed-in", rows), *product]
