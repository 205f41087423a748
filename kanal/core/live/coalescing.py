"""Combines the messages of a short time: a bulk change of many records becomes one message."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

MOST = 50
RIGHTS_FOLLOW = frozenset({"users", "groups"})


@dataclass
class Changes:
    """Changes of a type's records. With `is_many` there are too many to list."""

    created: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    deleted: set[int] = field(default_factory=set)
    actors: dict[int, int] = field(default_factory=dict)
    is_many: bool = False

    @property
    def ids(self) -> set[int]:
        """Return the records that may still exist."""
        return self.created | self.changed

    def add(self, kind: str, ids: list[int] | None, actor: int | None) -> None:
        """Add the changes of one statement."""
        if ids is None:
            self.is_many = True
            return
        {"c": self.created, "d": self.deleted}.get(kind, self.changed).update(ids)
        if actor:
            self.actors.update(dict.fromkeys(ids, actor))
        self.changed -= self.created
        self.created -= self.deleted
        self.changed -= self.deleted
        self.is_many = self.is_many or len(self.ids) + len(self.deleted) > MOST


@dataclass
class Batch:
    """All messages since the last delivery."""

    changes: dict[str, Changes] = field(default_factory=lambda: defaultdict(Changes))
    work: set[int] = field(default_factory=set)
    names: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    rights: bool = False
    everything: bool = False
    at: int = 0

    def add(self, message: dict[str, Any]) -> None:
        """Add one message from the database."""
        if "type" in message:
            self.changes[message["type"]].add(message.get("kind", "u"), message.get("ids"), message.get("by"))
            self.at = max(self.at, message.get("at") or 0)
            self.rights = self.rights or message["type"] in RIGHTS_FOLLOW
        elif "work" in message:
            self.work.add(message["work"])
        elif "name" in message:
            for user_id in message["users"]:
                self.names[user_id].add(message["name"])
        self.rights = self.rights or bool(message.get("rights"))
        self.everything = self.everything or bool(message.get("everything"))

    def __bool__(self) -> bool:
        """Return whether there are any messages."""
        return bool(self.changes or self.work or self.names or self.rights or self.everything)
