"""Phrases for lead splitter filters."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

SPLITTER_FILTER = Phrases(
    new=_("New lead splitter filter"),
    edit=_("Edit lead splitter filter"),
    delete=_("Delete lead splitter filter"),
    none=_("No lead splitter filters yet"),
    count=ngettext_lazy("%(count)s lead splitter filter", "%(count)s lead splitter filters", "n"),
)
