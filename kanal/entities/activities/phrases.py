"""Phrases for activities."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

ACTIVITY = Phrases(
    new=_("New activity"),
    edit=_("Edit activity"),
    delete=_("Delete activity"),
    none=_("No activities yet"),
    import_=_("Import activities"),
    count=ngettext_lazy("%(count)s activity", "%(count)s activities", "n"),
)
