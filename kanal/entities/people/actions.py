"""Actions on users: set a password, invite by mail, list roles."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kanal.core import registry, writes
from kanal.core.access import display_names
from kanal.core.action import Action, Button, Dialog
from kanal.core.actor import Actor
from kanal.core.entity import Tab
from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.locks import lock_one
from kanal.core.models import Assignment
from kanal.core.references.columns import Reference
from kanal.core.references.reassigning import is_form_field, reassign
from kanal.entities.people.models import Group, User
from kanal.kit.errors import Invalid, NotAllowed, Refused


def set_password(user: Any, values: dict[str, Any], *, by: Actor) -> None:
    """Set a user's password. Raise Invalid for a weak one, NotAllowed if it would give the caller more permissions."""
    if user.is_administrator and by.user is not None and not by.user.is_administrator:
        raise NotAllowed
    try:
        validate_password(values["password"], user)
    except ValidationError as problem:
        raise Invalid.on("password", " ".join(problem.messages)) from None
    user.set_password(values["password"])
    writes.update_system_fields(user, by=by, password=user.password)


def hand_over(user: Any, values: dict[str, Any], *, by: Actor) -> None:
    """Transfer the records assigned to a user, and their splitter shares, to another user.

    Records created by the user remain theirs. Permissions aren't transferred: roles, groups, the organization chart.
    """
    successor = lock_one(User.objects.all(), values["user"])
    if not successor.is_active:
        raise Invalid.on("user", _("This user is inactive."))
    if successor.pk == user.pk:
        raise Invalid.on("user", _("Choose another user."))
    if successor.is_external != user.is_external or successor.partner_id != user.partner_id:
        raise Invalid.on("user", _("Choose a user of the same company."))
    reassign(user, successor, by=by.within_action("hand-over"), only=is_assignment)


def possible_successors(user: Any, users: QuerySet) -> QuerySet:
    """Return the users who can take over a user's records: active ones of the same company."""
    return users.filter(is_active=True, partner=user.partner_id)


def is_assignment(reference: Reference) -> bool:
    """Return whether a column assigns records to users, without granting them other permissions."""
    return is_form_field(reference) and reference.model not in (User, Group)


def invite(user: Any, values: dict[str, Any], *, by: Actor) -> None:
    """Mail a user the link to choose their password."""
    from allauth.account.forms import ResetPasswordForm

    form = ResetPasswordForm(data={"email": user.email})
    if not user.is_active or not form.is_valid():
        raise Refused(_("This user can't sign in."))
    if not user.password:
        user.set_unusable_password()
    from allauth.core import context

    form.save(context.request)


def roles_of(user: Any, reader: Any) -> dict[str, Any]:
    """Return the roles of a user: global and by project, direct and by group.

    Projects hidden from the reader are omitted, and for external readers all except their own (ACC-8).
    """
    if reader.is_external and reader.pk != user.pk:
        return {"assignments": []}
    mine = Assignment.objects.filter(user=user) | Assignment.objects.filter(group__in=user.group_ids())
    rows = list(mine.select_related("role", "project", "group").order_by("role__name"))
    named = {target: display_names(reader, registry.get(target), {getattr(row, f"{column}_id") or 0 for row in rows})
             for target, column in (("projects", "project"), ("groups", "group"))}  # fmt: skip
    shown = [row for row in rows if row.project_id is None or row.project_id in named["projects"]]
    return {"assignments": [(row, named["groups"].get(row.group_id or 0, "")) for row in shown]}


ACTIONS = (
    Action(
        "set-password", _("Set password"), run=set_password, permission="edit", api=False,
        dialog=Dialog((Field("password", _("New password"), FIELD_TYPES["text"], required=True, max_length=200),)),
        button=Button("key", place="more", done=_("The password was set.")),
    ),
    Action(
        "invite", _("Send invitation"), run=invite, permission="edit",
        state=lambda user, _reader: None if user.is_active else _("The user is inactive."), api=False,
        button=Button("mail", place="more", done=_("The invitation was sent.")),
    ),
    Action(
        "hand-over", _("Hand over records"), run=hand_over,
        dialog=Dialog(pick="users", pick_as="user", pick_from=possible_successors, save_label=_("Hand over")),
        button=Button("arrow-right", place="more", done=_("The records were handed over.")),
    ),
)  # fmt: skip
TABS = (Tab("roles", _("Roles"), template="people/roles.html", context=roles_of, tells=()),)
