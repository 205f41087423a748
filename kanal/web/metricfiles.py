"""The files that processes count into for `/metrics`, with room that is theirs: a full disk ends no process (REL-4).

A file that is mapped into memory has no blocks until it is written to. Where the disk is full then, the system ends the
process (SIGBUS). So the blocks are asked for when a file is made or grows; a process that gets none counts in memory
alone, and what finds no room later is not counted.
"""

import os
from contextlib import suppress
from typing import Any

import structlog
from prometheus_client import values
from prometheus_client.mmap_dict import MmapedDict

FIRST = 1 << 20
log = structlog.get_logger("kanal.metrics")


class Allocated(MmapedDict):
    """A dict of figures in a file whose blocks are there before it is mapped."""

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        if not read_mode:
            filename = with_room(filename)
        super().__init__(filename, read_mode)  # type: ignore[no-untyped-call]

    def _init_value(self, key: str) -> None:
        """Add a figure; raise OSError where the file would have to grow and the disk is full."""
        if self._used + len(key.encode()) + 64 > self._capacity:
            os.posix_fallocate(self._f.fileno(), 0, self._capacity * 2)
        super()._init_value(key)  # type: ignore[no-untyped-call]


def with_room(filename: str) -> str:
    """Make a file of figures with all its blocks; return a place in memory where there is no room for it."""
    try:
        with open(filename, "ab") as file:
            os.posix_fallocate(file.fileno(), 0, max(FIRST, file.tell()))
        return filename
    except OSError as problem:
        with suppress(OSError):
            os.unlink(filename)  # who adds up the figures would read what is no file of figures
        log.warning("figures are counted in memory alone", reason=problem.strerror)
        memory: Any = getattr(os, "memfd_create", None)
        if memory is None:
            raise
        return f"/proc/self/fd/{memory(os.path.basename(filename))}"


def install_metric_files() -> None:
    """Have the figures of this process counted in such files."""
    values.MmapedDict = Allocated  # type: ignore[misc]
