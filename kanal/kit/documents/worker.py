"""The process that reads templates: few privileges, limited memory and time, an empty environment.

Started as `python -m kanal.kit.documents.worker`. It exits when its input ends or after minutes without work.
"""

from __future__ import annotations

import gc
import os
import resource
import select
from typing import Any

from kanal.kit.documents import rendering
from kanal.kit.documents.environment import Sandbox
from kanal.kit.documents.refusals import Refusal
from kanal.kit.documents.wire import decode, receive, send

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 4
IDLE_SECONDS = 300
_MOST_JOBS = 500


def limit_for_good() -> None:
    """Drop memory beyond the limit, growing files, new processes and core dumps, irrevocably."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (24, 24))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def limit_this_job() -> None:
    """Let the kernel kill the process when a job exceeds its CPU seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def handle_job(head: dict[str, Any], body: bytes, sandbox: Sandbox) -> tuple[dict[str, Any], bytes]:
    """Run a job and return the answer. A refusal is an answer too."""
    try:
        if head["job"] == "check":
            return {"report": rendering.inspect_template(body, head["known"], sandbox)}, b""
        return {}, rendering.render(body, decode(head["context"]), head["language"], sandbox)
    except Refusal as refusal:
        return {"refused": refusal.code, "details": refusal.details}, b""
    except MemoryError:
        return {"refused": "too_large", "details": {}}, b""
    except Exception:
        return {"refused": "unreadable", "details": {}}, b""


def main() -> None:
    """Answer jobs until the input ends."""
    source = os.fdopen(os.dup(0), "rb", buffering=0)
    replies = os.fdopen(os.dup(1), "wb")
    # Output of libraries must not get into the replies.
    os.dup2(2, 1)
    sandbox = Sandbox()
    limit_for_good()
    gc.freeze()
    send(replies, {"ready": True})
    for _job in range(_MOST_JOBS):
        readable, _writable, _failed = select.select([source], [], [], IDLE_SECONDS)
        if not readable:
            return
        try:
            head, body = receive(_Whole(source))  # type: ignore[arg-type]
        except EOFError:
            return
        limit_this_job()
        send(replies, *handle_job(head, body, sandbox))


class _Whole:
    """Read exact lengths from an unbuffered stream, so that `select` sees all pending data."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream

    def read(self, length: int) -> bytes:
        """Read exactly `length` bytes, fewer only at the end of the stream."""
        pieces = []
        while length:
            piece = self.stream.read(min(length, 1 << 20))
            if not piece:
                break
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)


if __name__ == "__main__":
    main()
