"""The files of counters for `/metrics`, with preallocated space: a full disk doesn't kill a process (REL-4).

A memory-mapped file has no blocks until it's written to. If the disk is full then, the system kills the process
(SIGBUS). So blocks are allocated when a file is created or grows. A process that gets none counts in memory only, and
later values without space aren't counted.
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
    """A dict of metrics in a file whose blocks are allocated before it's mapped."""

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        if not read_mode:
            filename = with_room(filename)
        super().__init__(filename, read_mode)  # type: ignore[no-untyped-call]

    def _init_value(self, key: str) -> None:
        """Add a metric. Raise OSError if the file has to grow and the disk is full."""
        if self._used + len(key.encode()) + 64 > self._capacity:
            os.posix_fallocate(self._f.fileno(), 0, self._capacity * 2)
        super()._init_value(key)  # type: ignore[no-untyped-call]


def with_room(filename: str) -> str:
    """Create a metrics file with all its blocks. Return a path in memory if there is no space."""
    try:
        with open(filename, "ab") as file:
            os.posix_fallocate(file.fileno(), 0, max(FIRST, file.tell()))
        return filename
    except OSError as problem:
        with suppress(OSError):
            os.unlink(filename)  # the aggregation would fail to read an incomplete file
        log.warning("figures are counted in memory alone", reason=problem.strerror)
        memory: Any = getattr(os, "memfd_create", None)
        if memory is None:
            raise
        return f"/proc/self/fd/{memory(os.path.basename(filename))}"


def install_metric_files() -> None:
    """Use these files for the metrics of this process."""
    values.MmapedDict = Allocated  # type: ignore[misc]
