"""Phrases for leads."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

LEAD = Phrases(
    new=_("New lead"),
    edit=_("Edit lead"),
    delete=_("Delete lead"),
    none=_("No leads yet"),
    import_=_("Import leads"),
    count=ngettext_lazy("%(count)s lead", "%(count)s leads", "n"),
)
