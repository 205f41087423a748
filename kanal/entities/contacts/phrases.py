"""Phrases for personal contact types and related record types."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

CONTACT_TYPE = Phrases(
    new=_("New personal contact type"),
    edit=_("Edit personal contact type"),
    delete=_("Delete personal contact type"),
    none=_("No personal contact types yet"),
    count=ngettext_lazy("%(count)s personal contact type", "%(count)s personal contact types", "n"),
)
CONTACT = Phrases(
    new=_("New personal contact"),
    edit=_("Edit personal contact"),
    delete=_("Delete personal contact"),
    none=_("No personal contacts yet"),
    import_=_("Import personal contacts"),
    count=ngettext_lazy("%(count)s personal contact", "%(count)s personal contacts", "n"),
)
CHANNEL = Phrases(
    new=_("New channel"),
    edit=_("Edit channel"),
    delete=_("Delete channel"),
    none=_("No channels yet"),
    import_=_("Import channels"),
    count=ngettext_lazy("%(count)s channel", "%(count)s channels", "n"),
)
