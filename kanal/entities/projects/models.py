"""Projects in a tree. Members are in core.models.access.Assignment."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kanal.core.models import OwnedRecord


class Module(models.TextChoices):
    """The modules that can be enabled in a project (Settings → Modules)."""

    CRM = "crm", _("CRM")
    TASKS = "tasks", _("Tasks")
    TICKETS = "tickets", _("Tickets")
    FILES = "files", _("Files")


def default_modules() -> list[str]:
    """Return the modules of a new project."""
    return [Module.TASKS, Module.FILES]


class Project(OwnedRecord):
    """A project, the scope of records."""

    class Status(models.TextChoices):
        """The state of a project."""

        ACTIVE = "active", _("Active")
        CLOSED = "closed", _("Closed")
        ARCHIVED = "archived", _("Archived")

    STATUS_COLOURS = {"active": "green", "closed": "blue"}

    name = models.CharField(_("Name"), max_length=160)
    identifier = models.CharField(
        _("Identifier"), max_length=60, unique=True, blank=True, validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$")],
        help_text=_("Used in URLs: lowercase letters, digits and hyphens."),
    )  # fmt: skip
    description = models.TextField(_("Description"), blank=True, default="")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children",
        verbose_name=_("Subproject of"),
    )  # fmt: skip
    status = models.CharField(_("Status"), max_length=10, choices=Status.choices, default=Status.ACTIVE)
    modules = ArrayField(
        models.CharField(max_length=20, choices=Module.choices), default=default_modules, blank=True,
        verbose_name=_("Modules"),
    )  # fmt: skip
    is_template = models.BooleanField(_("Template"), default=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("Project")
        verbose_name_plural = _("Projects")
        ordering = ["name", "id"]
