"""Phrases for campaigns."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

CAMPAIGN = Phrases(
    new=_("New campaign"),
    edit=_("Edit campaign"),
    delete=_("Delete campaign"),
    none=_("No campaigns yet"),
    import_=_("Import campaigns"),
    count=ngettext_lazy("%(count)s campaign", "%(count)s campaigns", "n"),
)
