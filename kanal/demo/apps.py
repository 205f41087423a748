"""Registers the app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo company and the generator."""

    name = "kanal.demo"
