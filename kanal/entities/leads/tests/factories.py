"""Leads, users and what they need, made through the pen."""

from itertools import count
from typing import Any

from kanal.core import registry, writes
from kanal.core.access.closures import rebuild_grants
from kanal.core.actor import SYSTEM
from kanal.core.models import Assignment, Category, Role, RoleRule
from kanal.core.remembered import forget
from kanal.entities.accounts.models import AccountType

numbers = count(1)
SELLER = ["view", "add", "edit", "take", "return_to_pool", "disqualify", "reopen", "qualify", "add_account",
          "add_partner", "archive", "anonymize"]  # fmt: skip


def make(key: str, **values: Any) -> Any:
    """Make a record of any type by the system."""
    return writes.create(registry.get(key), values, by=SYSTEM)


def make_project(**values: Any) -> Any:
    """Make a project."""
    return make("projects", **{"name": f"Project {next(numbers)}", **values})


def make_user(visibility: str = "", actions: Any = SELLER, entities: Any = ("leads",), **values: Any) -> Any:
    """Make a user, with a role for some types if a visibility is given."""
    number = next(numbers)
    given = {"last_name": f"Seller {number}", "username": f"seller{number}", "email": f"s{number}@kanal.example"}
    user = make("users", **{**given, **values})
    if visibility:
        role = Role.objects.create(key=f"role-{number}", name=f"Role {number}")
        for key in entities:
            RoleRule.objects.create(role=role, entity=key, visibility=visibility, actions=list(actions))
        Assignment.objects.create(role=role, user=user)
        rebuild_grants()
        forget()
    return user


def make_lead(**values: Any) -> Any:
    """Make a lead in a project of its own, unless told otherwise."""
    if "project" not in values:
        values["project"] = make_project().pk
    return make("leads", **{"subject": f"Lead {next(numbers)}", **values})


def pool_lead(**values: Any) -> Any:
    """Make a lead that the splitter has left to the free pool."""
    lead = make_lead(**values)
    writes.touch(lead, by=SYSTEM, awaits_split=False)
    return lead


def make_account(**values: Any) -> Any:
    """Make an organization's account."""
    AccountType.objects.get_or_create(key="organization", defaults={"name": "Organization"})
    forget()
    return make("accounts", **{"type": "organization", "organization": f"Company {next(numbers)}", **values})


def make_activity(**values: Any) -> Any:
    """Make a call."""
    Category.objects.get_or_create(key="call", group="activity_category", defaults={"name": "Call"})
    forget()
    return make("activities", **{"subject": "Call", "category": "call", **values})
