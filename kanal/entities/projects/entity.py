"""Projects as a record type."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.access.materialized import rebuild_projects
from kanal.core.entity import Entity, Listing, Rules, Scope, Section
from kanal.core.registry import register
from kanal.entities.projects import phrases
from kanal.entities.projects.choosing import choosable
from kanal.entities.projects.models import Project
from kanal.entities.projects.pages import TABS
from kanal.entities.projects.rules import check_project, identify


def after_project(project: Any, changed: set[str], by: Any) -> None:
    """Update the project tree and the permissions inherited in it."""
    if "parent" in changed or project.revision == 1:
        rebuild_projects()


PROJECTS = register(
    Entity(
        model=Project,
        key="projects",
        path="projects",
        title="name",
        phrases=phrases.PROJECT,
        icon="folders",
        sections=(
            Section(
                _("Project"),
                ("name", "identifier", "parent", "status", "description", "modules", "is_template"),
                "project",
            ),
        ),
        listing=Listing(("name", "identifier", "parent", "status"), "name", ("name", "identifier"), status="status"),
        scope=Scope(project="id", owners=("created_by",), choosable=choosable),
        rules=Rules(derive=identify, check=check_project, after=after_project),
        tabs=TABS,
        has_comments=True,
        has_files=True,
        is_importable=True,
        update_label=_("Save"),
    )
)
