"""`kanal manage seed`: add initial data that is missing."""

from typing import Any

from django.core.management.base import BaseCommand

from kanal.core.installation import seed_all


class Command(BaseCommand):
    """Seed the installation. Runs automatically after a migration."""

    help = "Add missing roles, categories, statuses and other initial data."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed every app."""
        seed_all()
