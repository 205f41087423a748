"""Personal contacts, made through the write path."""

from typing import Any

from kanal.core.actor import SYSTEM, Actor
from kanal.entities.accounts.tests.factories import make, make_account


def make_contact(by: Actor = SYSTEM, **values: Any) -> Any:
    """Make a person of an account, unless told otherwise."""
    if not {"account", "partner"} & set(values):
        values["account"] = make_account().pk
    return make("contacts", by, **{"first_name": "Anna", "last_name": "Berg", **values})
