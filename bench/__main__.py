"""`make bench`: run the measurements, all or those named, on the data set that DATABASE_URL holds."""

import os
import sys
from importlib import import_module

NAMES = ("custom_fields", "access", "history")
NO_DATA = """kanal: Name a database with a large data set first:
  DATABASE_URL=postgresql://… .venv/bin/kanal migrate
  DATABASE_URL=postgresql://… .venv/bin/kanal generate --size huge
  DATABASE_URL=postgresql://… make bench"""


def main() -> int:
    """Run the named measurements; give the exit code."""
    wanted = sys.argv[1:] or NAMES
    if unknown := [name for name in wanted if name not in NAMES]:
        print(f"kanal: There is no measurement “{unknown[0]}”; there are: {', '.join(NAMES)}.", file=sys.stderr)
        return 1
    if not os.environ.get("DATABASE_URL"):
        print(NO_DATA, file=sys.stderr)
        return 1
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kanal.config.settings")
    for name in wanted:
        import_module(f"bench.spike_{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
