"""`kanal createadmin`: create an administrator, or set the password of an existing one."""

import getpass
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kanal.core import writes
from kanal.core.actor import command_line
from kanal.entities.people.entity import USERS
from kanal.entities.people.models import User, UserType
from kanal.kit.errors import KanalError


class Command(BaseCommand):
    """Create an administrator."""

    help = "Create an administrator; asks for the password, or reads it from KANAL_ADMIN_PASSWORD."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add username, email and name."""
        parser.add_argument("--username", default="admin")
        parser.add_argument("--email", default="admin@example.com")
        parser.add_argument("--name", default="Administrator", help="the last name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the user and set the password."""
        user = User.objects.filter(username__iexact=options["username"]).first()
        password, by = ask_password(user), command_line()
        if user is None:
            values = {
                "username": options["username"], "email": options["email"], "last_name": options["name"],
                "user_type": UserType.ADMINISTRATOR,
            }  # fmt: skip
            try:
                user = writes.create(USERS, values, by=by)
            except KanalError as problem:
                raise CommandError(str(problem)) from None
        user.set_password(password)
        writes.update_system_fields(
            user, by=by, password=user.password, user_type=UserType.ADMINISTRATOR, is_active=True
        )
        self.stdout.write(f"{user.username} is an administrator.")


def ask_password(user: User | None) -> str:
    """Return the password from the environment or the prompt. Raise CommandError for a weak one."""
    password = os.environ.get("KANAL_ADMIN_PASSWORD") or getpass.getpass("Password: ")
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise CommandError(" ".join(problem.messages)) from None
    return password
