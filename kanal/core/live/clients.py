"""An open page at the channel: whose it is, what it shows, what waits to be sent to it."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

WAITING = 32
SEEN = 2000
Message = dict[str, Any]
STALE: Message = {"stale": True}
CLOSE: Message = {}


@dataclass(eq=False)
class Client:
    """One page: `types` are the lists and boards on it, `records` those whose page it is, `seen` the ids it shows.

    `seen` is what the user was permitted to see when the page was made; nobody is told of the end of other records.
    """

    user_id: int
    session_key: str = ""
    password: str = ""
    types: frozenset[str] = frozenset()
    records: frozenset[tuple[str, int]] = frozenset()
    visible_ids: dict[str, set[int]] = field(default_factory=dict)
    since: int = 0
    ended: bool = False
    queue: "asyncio.Queue[Message | None]" = field(default_factory=lambda: asyncio.Queue(WAITING))

    def put(self, message: Message | None) -> None:
        """Queue a message; a page that does not keep up is told once that it is behind.

        None ends the stream for good; after CLOSE the page may come again.
        """
        if self.ended:
            return
        self.ended = not message
        if self.queue.full() or self.ended:
            while not self.queue.empty():
                self.queue.get_nowait()
            if not self.ended:
                message = STALE
        self.queue.put_nowait(message)

    def note_seen(self, key: str, ids: set[int]) -> None:
        """Remember records that the page knows of now."""
        known = self.visible_ids.setdefault(key, set())
        if len(known) < SEEN:
            known |= ids

    @property
    def keys(self) -> set[str]:
        """Return the types that the page shows something of."""
        return {*self.types, *(key for key, _pk in self.records)}
