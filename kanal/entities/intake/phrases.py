"""Phrases for intake sources and related record types."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

INTAKE_SOURCE = Phrases(
    new=_("New intake source"),
    edit=_("Edit intake source"),
    delete=_("Delete intake source"),
    none=_("No intake sources yet"),
    count=ngettext_lazy("%(count)s intake source", "%(count)s intake sources", "n"),
)
INTAKE = Phrases(
    edit=_("Edit received lead"),
    delete=_("Delete received lead"),
    none=_("No received leads yet"),
    count=ngettext_lazy("%(count)s received lead", "%(count)s received leads", "n"),
)
