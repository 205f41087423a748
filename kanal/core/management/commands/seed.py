"""`kanal manage seed`: add what a new installation has and this one lacks."""

from typing import Any

from django.core.management.base import BaseCommand

from kanal.core.installation import seed_all


class Command(BaseCommand):
    """Seed the installation; it runs by itself after a migration."""

    help = "Add missing roles, categories, statuses and other initial data."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed every room."""
        seed_all()
