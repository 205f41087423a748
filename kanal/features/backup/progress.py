"""Progress output of the commands: a line for each part, with percentages or sizes."""

import sys
import time
from typing import Any

QUIET_SECONDS = 1.0


class Teller:
    """Print progress: updating one line in a terminal, one line per part elsewhere."""

    def __init__(self, target: Any, verbosity: int = 1) -> None:
        self.target, self.talks = target, verbosity > 0
        self.label, self.told, self.began = "", 0.0, time.monotonic()

    def __call__(self, label: str, done: int, total: int) -> None:
        """Show the progress of a part."""
        now, is_new = time.monotonic(), label != self.label
        if not self.talks or (not is_new and (now - self.told < QUIET_SECONDS or not sys.stdout.isatty())):
            return
        self.label, self.told = label, now
        how_far = f"{done * 100 // total} %" if total else size_in_words(done) if done else ""
        self.target.write(f"\r\033[K  {label} {how_far}" if sys.stdout.isatty() else f"  {label}", ending="")
        self.target.write("" if sys.stdout.isatty() else "\n", ending="")
        self.target.flush()

    def end(self, sentence: str) -> None:
        """Print the final line with the elapsed seconds."""
        if self.talks:
            start = "\r\033[K" if sys.stdout.isatty() else ""
            self.target.write(f"{start}  {sentence} ({time.monotonic() - self.began:.0f} s)")


def size_in_words(size: float) -> str:
    """Format a number of bytes: 1536 → 1.5 kB."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GB"
