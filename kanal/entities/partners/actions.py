"""Actions on partners, and the action to assign accounts to a partner."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import writes
from kanal.core.action import Action, Button, Dialog
from kanal.core.actor import Actor


def assign_to_partner(account: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Assign an account to a partner, which makes it visible to the partner's users (ACC-8)."""
    writes.change(account, {"partner": values["partner"]}, by=by.within_action("assign-to-partner"))


def add_to_project(partner: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Add a partner to a project, which makes it visible to the members (ACC-3a)."""
    projects = [*partner.projects.values_list("pk", flat=True), values["project"]]
    writes.change(partner, {"projects": projects}, by=by.within_action("add-to-project"))


ASSIGN_TO_PARTNER = Action(
    "assign-to-partner", _("Assign to partner"), assign_to_partner,
    dialog=Dialog(pick="partners", pick_as="partner"),
    button=Button("heart-handshake", done=_("The account was assigned to the partner.")),
)  # fmt: skip
ADD_TO_PROJECT = Action(
    "add-to-project", _("Add to project"), add_to_project,
    dialog=Dialog(pick="projects", pick_as="project"),
    button=Button("folder-plus", place="more", done=_("The partner was added to the project.")),
)  # fmt: skip
