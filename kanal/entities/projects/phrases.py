"""Phrases for projects."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

PROJECT = Phrases(
    new=_("New project"),
    edit=_("Edit project"),
    delete=_("Delete project"),
    none=_("No projects yet"),
    import_=_("Import projects"),
    count=ngettext_lazy("%(count)s project", "%(count)s projects", "n"),
)
