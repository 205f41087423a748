"""`kanal token USER --name NAME`: create an API token and print it. It can't be displayed again (ACC-9)."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kanal.core import tokens
from kanal.core.actor import command_line
from kanal.entities.people.models import User


class Command(BaseCommand):
    """Create an API token."""

    help = "Create an API token for a user and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add user, name, scope and validity."""
        parser.add_argument("username")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--scope", choices=[tokens.READ, tokens.WRITE], default=tokens.WRITE)
        parser.add_argument("--days", type=int, default=0, help="days until it expires (0: never)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the token."""
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user “{options['username']}”.")
        expires = timezone.now() + dt.timedelta(days=options["days"]) if options["days"] else None
        self.stdout.write(tokens.create_token(user, options["name"], options["scope"], expires, by=command_line()))
