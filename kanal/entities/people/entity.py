"""Users and groups as record types."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kanal.core import audit
from kanal.core.access.materialized import rebuild_grants, rebuild_supervisors
from kanal.core.access.permissions import UserPermissions
from kanal.core.entity import Entity, Listing, Rules, Scope, Section
from kanal.core.references.columns import Policy, declare_policy
from kanal.core.registry import register
from kanal.entities.people import administrators, leaving, phrases
from kanal.entities.people.actions import ACTIONS, TABS
from kanal.entities.people.models import Group, User
from kanal.entities.people.rules import check_user, derive_user
from kanal.kit.errors import NotAllowed


def colleagues(grants: UserPermissions) -> Q:
    """Return all users for internal users, and for partner users those of their partner and its manager."""
    if not grants.user_id:
        return Q(pk__in=[])
    if not grants.is_external:
        return Q()
    return Q(partner_id=grants.partner_id) | Q(managed_partners=grants.partner_id)


def guard_user(user: Any, changed: set[str], by: Any) -> None:
    """Allow only administrators to edit administrators. Other editors could sign in as one after changing the email."""
    if user.is_administrator and may_not_administer(by) and user.pk != by.user_id:
        raise NotAllowed
    user.administered = user.is_administrator and user.is_active


def may_not_administer(by: Any) -> bool:
    """Return whether the acting user isn't an administrator."""
    return by.user is not None and not by.skips_permission_checks and not by.user.is_administrator


def after_user(user: Any, changed: set[str], by: Any) -> None:
    """Update the organization chart. Allow only administrators to create administrators."""
    if "user_type" in changed and user.is_administrator and may_not_administer(by):
        raise NotAllowed
    if "supervisor" in changed:
        rebuild_supervisors()
    if not (user.is_administrator and user.is_active):
        require_another(user)
    if "is_active" in changed and not user.is_active:
        leaving.end_access(user)


def require_another(user: Any, by: Any = None) -> None:
    """Raise Refused if this user was the last administrator when the guard ran, and no longer is one."""
    if user.__dict__.get("administered"):
        administrators.require_one()


def after_group(group: Any, changed: set[str], by: Any) -> None:
    """Update the members' permissions."""
    if "members" in changed:
        rebuild_grants()


USERS = register(
    Entity(
        model=User,
        key="users",
        path="settings/users",
        title="name",
        phrases=phrases.USER,
        icon="users",
        settings_group="people",
        sections=(
            Section(_("Person"), ("first_name", "last_name", "username", "email", "phone", "job_title"), "person"),
            Section(_("Work"), ("user_type", "supervisor", "partner", "language", "time_zone", "is_active"), "work"),
            Section(_("Leads"), ("absent_from", "absent_until", "most_open_leads"), "leads"),
        ),
        main_fields=(
            "first_name",
            "last_name",
            "username",
            "email",
            "phone",
            "job_title",
            "user_type",
            "supervisor",
            "partner",
        ),
        listing=Listing(
            ("name", "username", "email", "user_type", "supervisor", "is_active"), "name", ("name", "username", "email")
        ),
        scope=Scope(also=(colleagues,), owners=(), in_use="is_active"),
        rules=Rules(derive=derive_user, check=check_user, guard=guard_user, after=after_user, gone=require_another),
        actions=ACTIONS,
        tabs=TABS,
        internal=("name", "password", "last_login", "theme"),
        is_lookup=True,
    )
)
GROUPS = register(
    Entity(
        model=Group,
        key="groups",
        path="settings/groups",
        title="name",
        phrases=phrases.GROUP,
        icon="users-group",
        settings_group="people",
        sections=(Section(_("Group"), ("name", "description", "members"), "group"),),
        listing=Listing(("name", "description"), "name", ("name",)),
        scope=Scope(owners=()),
        rules=Rules(after=after_group),
    )
)

# Sign-in data isn't transferred.
declare_policy(Policy.STAYS, "account.emailaddress.user", "mfa.authenticator.user", "usersessions.usersession.user")

audit.watch(
    User, audit.Kind.RIGHTS, "name", only=("username", "email", "user_type", "is_active", "supervisor_id", "partner_id")
)
audit.watch(Group, audit.Kind.RIGHTS, "name")
