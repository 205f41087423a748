"""A client with low overhead: prepared bytes over keep-alive connections, so that the server is measured."""

import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

END = b"\r\n\r\n"
LENGTH = b"content-length:"


@dataclass(frozen=True)
class Pace:
    """The rate of responses to posts, and the share of a core used by the client."""

    per_second: float
    client: float


def pace(base: str, path: str, bodies: Sequence[bytes], clients: int) -> Pace:
    """Post bodies over several connections in parallel. Each waits for the response to the one before it."""
    parts = urlsplit(base)
    head = f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\nContent-Length: "
    ready = [head.encode() + str(len(body)).encode() + END + body for body in bodies]

    def work(place: int) -> None:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=120) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for message in ready[place::clients]:
                connection.sendall(message)
                read_answer(connection)

    began, used = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(work, range(clients)))
    seconds = time.perf_counter() - began
    return Pace(len(bodies) / seconds, (time.process_time() - used) / seconds)


def read_answer(connection: socket.socket) -> None:
    """Read a whole response. Raise RuntimeError unless it's successful."""
    received = connection.recv(65536)
    while END not in received:
        received += connection.recv(65536)
    head, _end, body = received.partition(END)
    if not head.startswith(b"HTTP/1.1 2"):
        raise RuntimeError(received[:300].decode(errors="replace"))
    line = next((line for line in head.lower().split(b"\r\n") if line.startswith(LENGTH)), LENGTH + b"0")
    missing = int(line.removeprefix(LENGTH)) - len(body)
    while missing > 0:
        missing -= len(connection.recv(missing))
