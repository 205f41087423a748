"""Exceptions raised by rules and actions. Pages and the API convert them to responses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Message = str | Promise

_NOT_PERMITTED = _("You are not permitted to do this.")
_NO_RECORD = _("There is no such record.")


class KanalError(Exception):
    """Base class of every refusal that a user may read."""


class Invalid(KanalError):
    """Report what's wrong with the data by field. The key "" refers to the whole (400 or 422)."""

    def __init__(self, errors: Mapping[str, Iterable[Message]] | Message) -> None:
        if isinstance(errors, (str, Promise)):
            errors = {"": [errors]}
        self.errors: dict[str, list[Message]] = {field: list(messages) for field, messages in errors.items()}
        super().__init__(self.errors)

    @classmethod
    def on(cls, field: str, message: Message) -> Invalid:
        """Create an error for one field."""
        return cls({field: [message]})

    def messages(self) -> list[str]:
        """Return all messages as text, in field order."""
        return [str(message) for messages in self.errors.values() for message in messages]

    def __str__(self) -> str:
        return " ".join(self.messages())


class Ambiguous(Invalid):
    """Report that a text has several readings, and name them. None is chosen silently."""

    def __init__(self, text: str, readings: Iterable[Any]) -> None:
        self.text = text
        self.readings = tuple(readings)
        named = ", ".join(str(reading) for reading in self.readings)
        super().__init__(_("“%(text)s” can be read as %(readings)s.") % {"text": text[:40], "readings": named})


class Refused(KanalError):
    """Report that the record's state forbids this, and why (409)."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)


class Withdrawn(Refused):
    """Report that running work stops for good because a right or record that it depends on was removed."""


class ActionNeeded(Refused):
    """Report that this requires an action of the record: which one, on which record, to which status (409)."""

    def __init__(
        self, reason: Message, *, entity: str, record: int | None, verb: str, label: Message, status: str = ""
    ) -> None:
        self.entity, self.record, self.verb, self.label, self.status = entity, record, verb, label, status
        super().__init__(reason)


class NotAllowed(KanalError):
    """Report that the user isn't permitted to do this (403)."""

    def __init__(self, reason: Message = _NOT_PERMITTED) -> None:
        super().__init__(reason)


class NotFound(KanalError):
    """Report that the record doesn't exist or isn't visible to the user (404)."""

    def __init__(self, reason: Message = _NO_RECORD) -> None:
        super().__init__(reason)


class Moved(NotFound):
    """Say that another record has taken over, which the reader may see: type, old and new id (301)."""

    def __init__(self, entity: str, old_id: int, new_id: int) -> None:
        self.entity, self.old_id, self.new_id = entity, old_id, new_id
        super().__init__()


class Conflict(KanalError):
    """Report that somebody else changed the record in the meantime: field -> its new value (409 or 412).

    `revision` is the record's revision with these changes.
    """

    def __init__(self, changes: Mapping[str, Any], revision: int) -> None:
        self.changes = dict(changes)
        self.revision = revision
        super().__init__(self.changes)

    def __str__(self) -> str:
        fields = ", ".join(sorted(self.changes))
        return str(_("Somebody else changed this record in the meantime: %(fields)s.") % {"fields": fields})
