"""What commands print: one line for each step of a set-up, and one sentence for what went wrong."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kanal.config import env

WIDTH = 40


@contextmanager
def step(label: str) -> Iterator[None]:
    """Show a step: its label at once, a mark and the time when it is done or has failed."""
    began = time.monotonic()
    print(f"  {label} ".ljust(WIDTH, "."), end=" ", flush=True)
    try:
        yield
    except BaseException:
        print(mark("✗", "failed"), flush=True)
        raise
    print(f"{mark('✓', 'done')} {time.monotonic() - began:.1f} s", flush=True)


def mark(sign: str, word: str) -> str:
    """Return a sign, or a word where the terminal can't show it."""
    try:
        sign.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return word
    return sign


def probe(url: str) -> None:
    """Make sure that a database answers before Django's pool waits for it."""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        message = f"The database of DATABASE_URL does not answer ({first_line(error)}): is it right, and does it run?"
        raise env.SetupError(message) from error


def guarded(action: Callable[[], int]) -> int:
    """Run an action and say in a sentence what a database that fails means."""
    from django.db.utils import OperationalError, ProgrammingError

    try:
        return action()
    except OperationalError as error:
        if "No space left on device" in str(error):
            return complain("The disk of the database is full: free some space and start again.", error)
        return complain(f"The database does not answer ({first_line(error)}): is DATABASE_URL right?", error)
    except ProgrammingError as error:
        return complain(f"The database refused ({first_line(error)}): did you run `kanal migrate`?", error)


def first_line(error: Exception) -> str:
    """Return the first line of what an error says."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def complain(sentence: str, error: Exception | None = None) -> int:
    """Print a sentence where errors go; with KANAL_DEBUG the traceback stands above it."""
    if error is not None and env.flag("KANAL_DEBUG"):
        import traceback

        traceback.print_exception(error)
    print(f"kanal: {sentence}", file=sys.stderr)
    return 1
