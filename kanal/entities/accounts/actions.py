"""Actions on accounts."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import registry, writes
from kanal.core.action import Action, Button, Dialog
from kanal.core.actor import Actor
from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.models import Category
from kanal.entities.accounts.models import AccountRelation, Favourite
from kanal.kit.errors import Refused


def add_to_my_accounts(account: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Add an account to the user's favorites (ACCT-2)."""
    Favourite.objects.get_or_create(account=account, user=by.user)  # direct write: a preference


def remove_from_my_accounts(account: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Remove an account from the user's favorites."""
    Favourite.objects.filter(account=account, user=by.user).delete()  # direct write: a preference


def add_to_project(account: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Add an account to a project, which makes it visible to the members (ACC-3a)."""
    projects = [*account.projects.values_list("pk", flat=True), values["project"]]
    writes.change(account, {"projects": projects}, by=by.within_action("add-to-project"))


def add_to_group(account: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Add an account to a group."""
    groups = [*account.groups.values_list("pk", flat=True), values["group"]]
    writes.change(account, {"groups": groups}, by=by.within_action("add-to-group"))


def connect_accounts(account: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Store the relation of another account to this one, such as supplier or competitor."""
    relation = {
        "account": account.pk,
        "related_account": values["related_account"],
        "relation_kind": values["relation_kind"],
    }
    writes.create(registry.get("account-relations"), relation, by=by.within_action("connect-accounts"))


def archive(account: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Hide an account from lists without deleting it (ACCT-9)."""
    writes.change(account, {"is_archived": True}, by=by.within_action("archive"))


def unarchive(account: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Restore an archived account."""
    writes.change(account, {"is_archived": False}, by=by.within_action("unarchive"))


def hand_over(account: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Assign a private account to another user, who is the only one to see it from then on (ACC-5)."""
    if by.user_id is None or account.private_to_id != by.user_id:
        raise Refused(_("Only someone who can see a private account can hand it over."))
    writes.update_system_fields(account, by=by.within_action("hand-over"), private_to_id=values["user"])


USER = Field("user", _("To"), FIELD_TYPES["relation"], target="users", required=True)


def usual_kind(account: Any) -> dict[str, Any]:
    """Return the default kind of relation, so that a radio button and “Save” are enough."""
    row = Category.default("relation_kind")
    return {"relation_kind": row.key if row else None}


ACTIONS = (
    Action(
        "add-to-my-accounts", _("Add to my accounts"), add_to_my_accounts, permission="view",
        button=Button("star", done=_("The account was added to yours.")),
    ),
    Action(
        "add-to-project", _("Add to project"), add_to_project,
        dialog=Dialog(pick="projects", pick_as="project"),
        button=Button("folder-plus", place="more", done=_("The account was added to the project.")),
    ),
    Action(
        "add-subaccount", _("Add subaccount"), api=False,
        button=Button("subtask", place="more", begins="accounts", begins_as="parent"),
    ),
    Action(
        "connect-accounts", _("Connect accounts"), connect_accounts,
        dialog=Dialog(
            ("relation_kind",), AccountRelation, pick="accounts", pick_as="related_account", initial=usual_kind
        ),
        button=Button("affiliate", place="more", done=_("The accounts are connected.")),
    ),
    Action(
        "add-to-group", _("Add to group"), add_to_group,
        dialog=Dialog(pick="account-groups", pick_as="group"),
        button=Button("folder", place="more", done=_("The account was added to the group.")),
    ),
    Action(
        "archive", _("Archive"), archive, permission="edit",
        hidden=lambda account: account.is_archived and _("The account is already archived."),
        button=Button("archive", place="more", done=_("The account was archived.")),
    ),
    Action(
        "unarchive", _("Unarchive"), unarchive, permission="edit",
        hidden=lambda account: not account.is_archived and _("The account is not archived."),
        button=Button("archive-off", place="more", done=_("The account is in use again.")),
    ),
    Action("show-on-map", _("Show on map"), permission="view", api=False,
           button=Button("map-pin", place="more", page="accounts-record-map")),
    Action(
        "hand-over", _("Hand over"), hand_over, permission="edit",
        hidden=lambda account: not account.is_private and _("The account is not private."),
        dialog=Dialog((USER,)),
        button=Button("arrow-right", place="more", done=_("The private account was handed over.")),
    ),
    Action(
        "remove-from-my-accounts", _("Remove from my accounts"), remove_from_my_accounts, permission="view",
        button=Button("star-off", place="more", done=_("The account was removed from yours.")),
    ),
)  # fmt: skip
