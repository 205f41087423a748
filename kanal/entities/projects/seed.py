"""Initial data: the project CRM with a subproject per region (PB-3, PROJ-3), if there's no project."""

from django.utils.translation import gettext_noop as _

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.entities.projects.models import Module, Project

CRM = "crm"
REGIONS = {
    "crm-nordics": _("Nordics"),
    "crm-dach": _("DACH"),
    "crm-central-europe": _("Central Europe"),
    "crm-western-europe": _("Western Europe"),
    "crm-iberia": _("Iberia"),
    "crm-overseas": _("Overseas"),
}
DESCRIPTION = _("All sales. Each region is a subproject: price books and roles can be given by region.")


def seed() -> None:
    """Create the projects."""
    if Project.objects.exists():
        return
    projects, modules = registry.get("projects"), [Module.CRM, Module.TASKS, Module.TICKETS, Module.FILES]
    values = {"name": "CRM", "identifier": CRM, "description": DESCRIPTION, "modules": modules}
    top = writes.create(projects, values, by=SYSTEM)
    for identifier, name in REGIONS.items():
        writes.create(
            projects, {"name": name, "identifier": identifier, "parent": top.pk, "modules": modules}, by=SYSTEM
        )
