"""Phrases for pipelines and related record types."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

PIPELINE = Phrases(
    new=_("New pipeline"),
    edit=_("Edit pipeline"),
    delete=_("Delete pipeline"),
    none=_("No pipelines yet"),
    count=ngettext_lazy("%(count)s pipeline", "%(count)s pipelines", "n"),
)
OPPORTUNITY_STATUS = Phrases(
    new=_("New opportunity status"),
    edit=_("Edit opportunity status"),
    delete=_("Delete opportunity status"),
    none=_("No opportunity statuses yet"),
    count=ngettext_lazy("%(count)s opportunity status", "%(count)s opportunity statuses", "n"),
)
OPPORTUNITY = Phrases(
    new=_("New opportunity"),
    edit=_("Edit opportunity"),
    delete=_("Delete opportunity"),
    none=_("No opportunities yet"),
    import_=_("Import opportunities"),
    count=ngettext_lazy("%(count)s opportunity", "%(count)s opportunities", "n"),
)
BUSINESS_ROLE = Phrases(
    new=_("New business role"),
    edit=_("Edit business role"),
    delete=_("Delete business role"),
    none=_("No business roles yet"),
    count=ngettext_lazy("%(count)s business role", "%(count)s business roles", "n"),
)
