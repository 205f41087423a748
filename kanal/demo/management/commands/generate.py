"""`kanal generate`: load a large realistic data set by COPY."""

import datetime as dt
import time
from dataclasses import fields, replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kanal.core.context import today
from kanal.demo.generator.run import generate
from kanal.demo.generator.sizes import SIZES, Plan


class Command(BaseCommand):
    """Generate a data set."""

    help = "Load a large realistic data set by COPY; the same numbers, seed and day give the same rows."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the size or counts, the seed and the day."""
        parser.add_argument("--size", choices=sorted(SIZES), help="a named size; numbers override it")
        for field in fields(Plan):
            parser.add_argument("--" + field.name.replace("_", "-"), type=int, metavar="N", dest=field.name)
        parser.add_argument("--seed", default="1")
        parser.add_argument("--today", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        """Generate the data set."""
        given = {field.name: options[field.name] for field in fields(Plan) if options[field.name] is not None}
        if any(number < 0 for number in given.values()):
            raise CommandError("Numbers are 0 or more.")
        if not options["size"] and not given:
            raise CommandError("Say how much: --size large, or numbers such as --accounts 1000 (see --help).")
        plan = replace(SIZES[options["size"]] if options["size"] else Plan(), **given)
        began = time.monotonic()
        try:
            generate(plan, seed=options["seed"], today=options["today"] or today(), tell=self.tell)
        except LookupError as problem:
            raise CommandError(str(problem)) from problem
        self.tell(f"done in {time.monotonic() - began:.0f} s")

    def tell(self, line: str) -> None:
        """Print and flush a progress line."""
        self.stdout.write(line)
        self.stdout.flush()
