"""`kanal demo`: load the demo company into an empty installation."""

import datetime as dt
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from kanal.core.context import today
from kanal.demo.company.context import Numbers
from kanal.demo.company.load import load_company
from kanal.demo.company.people import PASSWORD


class Command(BaseCommand):
    """Load the demo company."""

    help = "Load a fictitious company with two years of history; the same seed and day give the same data."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the seed and day."""
        parser.add_argument("--seed", default="1")
        parser.add_argument(
            "--today", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="default: the current date"
        )
        parser.add_argument("--times", type=float, default=1.0, metavar="X", help="a company X times the default size")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the company unless data exists."""
        began = time.monotonic()
        talks = options["verbosity"] > 0

        def tell(line: str) -> None:
            if talks:
                self.stdout.write(f"{time.monotonic() - began:5.1f} s  {line}")
                self.stdout.flush()

        with translation.override("en"):
            loaded = load_company(
                seed=options["seed"], today=options["today"] or today(),
                numbers=Numbers().times(options["times"]), tell=tell,
            )  # fmt: skip
        if loaded:
            tell(f"100 %  done. Users: admin, director, seller, partner, support; password {PASSWORD}")
        elif talks:
            self.stdout.write("The database already contains data; nothing was changed.")
