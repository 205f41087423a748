"""Phrases for partners."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

PARTNER = Phrases(
    new=_("New partner"),
    edit=_("Edit partner"),
    delete=_("Delete partner"),
    none=_("No partners yet"),
    import_=_("Import partners"),
    count=ngettext_lazy("%(count)s partner", "%(count)s partners", "n"),
)
