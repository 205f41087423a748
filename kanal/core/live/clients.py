"""An open page on the live channel: its user, contents and queued messages."""

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
    """One page: `types` are its lists and boards, `records` those of a record page, `visible_ids` the ids it shows.

    `visible_ids` are those permitted when the page was created. Removals of other records aren't reported.
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
        """Queue a message. A page that falls behind is notified once that it is stale.

        None ends the stream permanently. After CLOSE the page may reconnect.
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
        """Store which records the page now knows."""
        known = self.visible_ids.setdefault(key, set())
        if len(known) < SEEN:
            known |= ids

    @property
    def keys(self) -> set[str]:
        """Return the types that the page shows."""
        return {*self.types, *(key for key, _pk in self.records)}
