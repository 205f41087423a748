"""The references in the core's tables that can't be detected, and those that don't move."""

from typing import Any

from kanal.core import companions
from kanal.core.keys import PROJECTS, USERS
from kanal.core.models import CustomField, FieldVisibility, RecordAlias, SavedFilter, Visit
from kanal.core.references.columns import Policy, declare_array, declare_filter, declare_json, declare_policy


def replace_in_lists(value: Any, old: int, new: int) -> Any:
    """Replace the id of a project in the conditions of a custom field."""
    projects = (value or {}).get(PROJECTS, [])
    if old not in projects:
        return value
    return {**value, PROJECTS: list(dict.fromkeys(new if pk == old else pk for pk in projects))}


def declare_own() -> None:
    """Declare the core's own references."""
    companions.declare_table(RecordAlias._meta.db_table)
    companions.declare_table(Visit._meta.db_table)
    declare_array(FieldVisibility, "users", USERS)
    declare_array(FieldVisibility, "groups", "groups")
    declare_json(CustomField, "conditions", PROJECTS, replace_in_lists)
    declare_filter(SavedFilter, "tree")
    # A user's own data, and records of the past.
    declare_policy(Policy.STAYS, "core.apitoken.user", "core.progress.user", "core.selection.user")
    declare_policy(Policy.STAYS, "core.visit.user", "core.visit.record_id")
    declare_policy(Policy.STAYS, "core.change.record_id", "core.auditentry.record_id")
    declare_policy(
        Policy.DERIVED, "core.grant.user", "core.grant.project", "core.projectpath.ancestor",
        "core.projectpath.descendant", "core.supervisorpath.supervisor", "core.supervisorpath.subordinate",
    )  # fmt: skip
