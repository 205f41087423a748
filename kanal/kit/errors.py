"""What a rule or an action raises when it says no; the pages and the API turn these into answers, not here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Message = str | Promise

_NOT_PERMITTED = _("You are not permitted to do this.")
_NO_RECORD = _("There is no such record.")


class KanalError(Exception):
    """Be the parent of every refusal that a user may read."""


class Invalid(KanalError):
    """Say what is wrong with the data, field by field; the key "" stands for the whole (400 or 422)."""

    def __init__(self, errors: Mapping[str, Iterable[Message]] | Message) -> None:
        if isinstance(errors, (str, Promise)):
            errors = {"": [errors]}
        self.errors: dict[str, list[Message]] = {field: list(messages) for field, messages in errors.items()}
        super().__init__(self.errors)

    @classmethod
    def on(cls, field: str, message: Message) -> Invalid:
        """Make the error of one field."""
        return cls({field: [message]})

    def messages(self) -> list[str]:
        """List every message as text, in the order of the fields."""
        return [str(message) for messages in self.errors.values() for message in messages]

    def __str__(self) -> str:
        return " ".join(self.messages())


class Ambiguous(Invalid):
    """Say that a text can be read in several ways, and name them; nothing is chosen in silence."""

    def __init__(self, text: str, readings: Iterable[Any]) -> None:
        self.text = text
        self.readings = tuple(readings)
        named = ", ".join(str(reading) for reading in self.readings)
        super().__init__(_("“%(text)s” can be read as %(readings)s.") % {"text": text[:40], "readings": named})


class Refused(KanalError):
    """Say that the record's state forbids this, and why (409)."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)


class Withdrawn(Refused):
    """Say that work which was under way ends for good, because what it rests on (a right, a record) was taken away."""


class ActionNeeded(Refused):
    """Say that only an action of the record leads there: which one, of which record, to which status (409)."""

    def __init__(
        self, reason: Message, *, entity: str, record: int | None, verb: str, label: Message, status: str = ""
    ) -> None:
        self.entity, self.record, self.verb, self.label, self.status = entity, record, verb, label, status
        super().__init__(reason)


class NotAllowed(KanalError):
    """Say that this user may not do this (403)."""

    def __init__(self, reason: Message = _NOT_PERMITTED) -> None:
        super().__init__(reason)


class NotFound(KanalError):
    """Say that there is no such record, or none that this user may see (404)."""

    def __init__(self, reason: Message = _NO_RECORD) -> None:
        super().__init__(reason)


class Conflict(KanalError):
    """Say that somebody else changed the record meanwhile: field -> what it was changed to (409 or 412).

    `revision` is the one that the record has with these changes.
    """

    def __init__(self, changes: Mapping[str, Any], revision: int) -> None:
        self.changes = dict(changes)
        self.revision = revision
        super().__init__(self.changes)

    def __str__(self) -> str:
        fields = ", ".join(sorted(self.changes))
        return str(_("Somebody else changed this record in the meantime: %(fields)s.") % {"fields": fields})
