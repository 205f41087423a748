"""App configuration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Demo company and generator."""

    name = "kanal.demo"
