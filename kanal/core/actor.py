"""Who writes, and by what means: handed to every write, kept in the history (HIST-1)."""

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
    """By what means a change was made."""

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


# What caused the current work; the context sets it.
active_chain: ContextVar[tuple[str, ...]] = ContextVar("kanal_chain", default=())


@dataclass(frozen=True)
class Actor:
    """A user, or the system where there is none (`name`: who at the command line).

    `verb` is the action in whose course it writes, for the history. `is_trusted` says that the access layer has
    allowed that action: the write path asks for no permission then. `within_action` alone sets it.

    `chain` names what caused the write, the first cause first, each link as `key:id`, such as `splitter:4711` for the
    subscriber that got change 4711; it is empty for people.
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
        """Return whether permission was asked already, or need not be."""
        return self.user is None or self.is_trusted

    def within_action(self, verb: str) -> "Actor":
        """Return this actor in the course of an action that the access layer has allowed: nothing asks again.

        The function of an action calls it with its own verb; elsewhere a comment `# permitted: …` says who asked.
        """
        return replace(self, verb=verb, is_trusted=True)

    def set_on_connection(self) -> None:
        """Tell the database who writes, until the end of the transaction; the history's triggers read it."""
        facts: dict[str, Any] = {"user": self.user_id, "means": self.means, "verb": self.verb}
        facts["request"] = self.request_id
        if self.name:
            facts["name"] = self.name
        if chain := self.chain or active_chain.get():  # a constant actor was made outside the chain
            facts["chain"] = list(chain)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('kanal.actor', %s, true)", [json.dumps(facts)])

    @contextmanager
    def on_connection(self) -> Iterator[None]:
        """Run what follows in one transaction, signed by this actor: writes that are no records (settings)."""
        with transaction.atomic():
            self.set_on_connection()
            yield


SYSTEM = Actor()


def command_line() -> Actor:
    """Return who runs a command: the account of the operating system."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        name = str(os.getuid())
    return Actor(means=ChangeSource.COMMAND, name=name)
