"""How a set-up shows its progress: one line for each step, with a mark and the seconds it took."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

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
    """Give a sign, or a word where the terminal can't show it."""
    try:
        sign.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return word
    return sign
