"""Phrases for contracts."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

CONTRACT = Phrases(
    edit=_("Edit contract"),
    none=_("No contracts yet"),
    count=ngettext_lazy("%(count)s contract", "%(count)s contracts", "n"),
)
