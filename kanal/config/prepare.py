"""Preparations before the servers start: tables, static files, and demo data if the database is empty."""

import sys
from pathlib import Path
from zlib import crc32

from kanal.config import env
from kanal.config.console import complain, guarded, mark, step
from kanal.config.migrations import pending_migrations


def main() -> int:
    """Prepare the configured database and folders."""
    return guarded(prepare)


def prepare() -> int:
    """Run each step whose result is missing."""
    import django

    with step("Application"):
        django.setup()
    if count := pending_migrations():
        with step(f"Tables ({count} migrations)"):
            migrate()
    if stale := stale_static_files():
        with step("Static files"):
            collect(*stale)
    demo()
    warn()
    return 0


def warn() -> None:
    """Warn if the server handles letters or the used time zones unlike Kanal. `kanal check` checks everything."""
    from kanal.config.diagnosis import language

    if language.is_blind():
        print(f"  {mark('!', 'note')} Letters: {language.BLIND}")
    if odd := language.differing_in_use():
        print(f"  {mark('!', 'note')} Time zones: PostgreSQL has other rules for {', '.join(odd)}; Kanal's own count")


def migrate() -> None:
    """Migrate the tables, including those of the shared cache."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def stale_static_files() -> tuple[Path, str] | None:
    """Return the stamp file and its new content if the collected files are older than their sources."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    if not settings.STATIC_ROOT:
        return None
    checksum = 0
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            checksum = crc32(f"{name} {status.st_size} {status.st_mtime_ns}".encode(), checksum)
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == str(checksum):
        return None
    return stamp, str(checksum)


def collect(stamp: Path, checksum: str) -> None:
    """Collect, hash and compress the static files."""
    from django.core.management import call_command

    stamp.parent.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(checksum)


def demo() -> None:
    """Load the demo company into a database without users."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command, get_commands

    if "demo" in get_commands() and not get_user_model()._default_manager.exists():
        with step("Demo company"):
            call_command("demo", verbosity=0)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (env.SetupError, OSError) as error:
        sys.exit(complain(str(error)))
