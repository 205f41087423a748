"""Verbs that make personal contacts on accounts and partners, and those on contacts themselves."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import writes
from kanal.core.actor import Actor
from kanal.core.entity import Action


def add_to_project(contact: Any, values: Mapping[str, Any], *, by: Actor) -> None:
    """Add a person to a project, whose members see them from then on (ACC-3a)."""
    projects = [*contact.projects.values_list("pk", flat=True), values["project"]]
    writes.change(contact, {"projects": projects}, by=by.doing("add_to_project"))


NEW_EMPLOYEE = Action(
    "new-employee", _("New employee"), begins="contacts", begins_as="account", icon="user-plus", api=False
)
NEW_CONSULTANT = Action(
    "new-consultant", _("New consultant"), begins="contacts", begins_as="partner", icon="user-plus", api=False
)
ADD_TO_PROJECT = Action(
    "add-to-project", _("Add to project"), add_to_project, pick="projects", pick_as="project", place="more",
    icon="folder-plus", done=_("The contact was added to the project."),
)  # fmt: skip
