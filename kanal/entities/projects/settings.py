"""Setting of projects: the default project of a partner's records."""

from django.utils.translation import gettext_lazy as _

from kanal.core.fields import FIELD_TYPES, Field
from kanal.core.settings import declare

declare(
    "b2b",
    Field(
        "b2b.partner_project", _("Project of partners"), FIELD_TYPES["relation"], target="projects",
        help=_("The project of records that partner users create when their partner has no project."),
    ),
)  # fmt: skip
