"""Output of commands: one line per set-up step, and one sentence per error."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kanal.config import env

WIDTH = 40


@contextmanager
def step(label: str) -> Iterator[None]:
    """Show a step: its label at once, and a mark and the duration on success or failure."""
    began = time.monotonic()
    print(f"  {label} ".ljust(WIDTH, "."), end=" ", flush=True)
    try:
        yield
    except BaseException:
        print(mark("✗", "failed"), flush=True)
        raise
    print(f"{mark('✓', 'done')} {time.monotonic() - began:.1f} s", flush=True)


def mark(sign: str, word: str) -> str:
    """Return a symbol, or a word if the terminal can't display it."""
    try:
        sign.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return word
    return sign


def probe(url: str) -> None:
    """Check that the database responds before Django's pool waits for it."""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        message = f"The database of DATABASE_URL does not answer ({first_line(error)}): is it right, and does it run?"
        raise env.SetupError(message) from error


def guarded(action: Callable[[], int]) -> int:
    """Run an action and explain database errors in a sentence."""
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
    """Return the first line of an error message."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def complain(sentence: str, error: Exception | None = None) -> int:
    """Print a message to stderr. With KANAL_DEBUG, print the traceback above it."""
    if error is not None and env.flag("KANAL_DEBUG"):
        import traceback

        traceback.print_exception(error)
    print(f"kanal: {sentence}", file=sys.stderr)
    return 1
