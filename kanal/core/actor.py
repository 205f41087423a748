"""The author of a write and its source: passed to every write and stored in the history (HIST-1)."""

import getpass
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.db import connection, transaction


class ChangeSource(StrEnum):
    """The source of a change."""

    FORM = "form"
    INLINE = "inline"
    BOARD = "board"
    BULK = "bulk"
    IMPORT = "import"
    API = "api"
    INTAKE = "intake"
    JOB = "job"
    SYSTEM = "system"
    COMMAND = "command"


# The causes of the current work, set by the context.
active_chain: ContextVar[tuple[str, ...]] = ContextVar("kanal_chain", default=())


@dataclass(frozen=True)
class Actor:
    """A user, or the system if there is none (`name`: the account at the command line).

    `verb` is the action that the write is part of, for the history. `is_trusted` says that the access layer has
    allowed that action, so the write path doesn't check permissions. Only `within_action` sets it.

    `chain` lists the causes of the write, the first cause first. A link is `key:id`, such as `splitter:4711` for the
    subscriber that received change 4711. It is empty for people.
    """

    user: Any = None
    means: ChangeSource = ChangeSource.SYSTEM
    verb: str = ""
    request_id: str = ""
    name: str = ""
    is_trusted: bool = False
    chain: tuple[str, ...] = field(default_factory=active_chain.get)

    @property
    def user_id(self) -> int | None:
        """Return the user's id, or None for the system."""
        return self.user.pk if self.user is not None else None

    @property
    def skips_permission_checks(self) -> bool:
        """Return whether permissions were already checked or need no check."""
        return self.user is None or self.is_trusted

    def within_action(self, verb: str) -> "Actor":
        """Return this actor as part of an action that the access layer has allowed, exempt from further checks.

        The function of an action calls it with its own name. Elsewhere a comment `# permitted: …` names the check.
        """
        return replace(self, verb=verb, is_trusted=True)

    def set_on_connection(self) -> None:
        """Set the actor on the connection until the end of the transaction. The history's triggers read it."""
        facts: dict[str, Any] = {"user": self.user_id, "means": self.means, "verb": self.verb}
        facts["request"] = self.request_id
        if self.name:
            facts["name"] = self.name
        if chain := self.chain or active_chain.get():  # a constant actor is created outside the chain
            facts["chain"] = list(chain)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('kanal.actor', %s, true)", [json.dumps(facts)])

    @contextmanager
    def on_connection(self) -> Iterator[None]:
        """Run the block in one transaction signed by this actor, for writes that aren't records (settings)."""
        with transaction.atomic():
            self.set_on_connection()
            yield


SYSTEM = Actor()


def command_line() -> Actor:
    """Return the actor of a command: the account of the operating system."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a user id without a name
        name = str(os.getuid())
    return Actor(means=ChangeSource.COMMAND, name=name)
