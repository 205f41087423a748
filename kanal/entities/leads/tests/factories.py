"""Leads, their sellers and activities, made through the write path."""

from collections.abc import Sequence
from typing import Any

from kanal.core import writes
from kanal.core.actor import SYSTEM
from kanal.entities.accounts.tests import factories
from kanal.entities.accounts.tests.factories import make, make_account, make_project, numbers

__all__ = ["make", "make_account", "make_activity", "make_lead", "make_project", "make_user", "pool_lead"]
SELLER = ["view", "add", "edit", "take", "return_to_pool", "disqualify", "reopen", "qualify", "add_account",
          "add_partner", "archive", "anonymize"]  # fmt: skip


def make_user(
    visibility: str = "", actions: Sequence[str] = SELLER, entities: Sequence[str] = ("leads",), **values: Any
) -> Any:
    """Make a seller, with a role for leads, or for the types named, if a visibility is given."""
    return factories.make_user(visibility, actions, entities, **values)


def make_lead(**values: Any) -> Any:
    """Make a lead in a project of its own, unless told otherwise."""
    if "project" not in values:
        values["project"] = make_project().pk
    return make("leads", **{"subject": f"Lead {next(numbers)}", **values})


def pool_lead(**values: Any) -> Any:
    """Make a lead that the splitter has left to the free pool."""
    lead = make_lead(**values)
    writes.update_system_fields(lead, by=SYSTEM, awaits_split=False)
    return lead


def make_activity(**values: Any) -> Any:
    """Make a call."""
    return make("activities", **{"subject": "Call", "category": "call", **values})
