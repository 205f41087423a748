"""Phrases for quotes and related record types."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

QUOTE = Phrases(
    new=_("New quote"),
    edit=_("Edit quote"),
    delete=_("Delete quote"),
    none=_("No quotes yet"),
    count=ngettext_lazy("%(count)s quote", "%(count)s quotes", "n"),
)
QUOTE_ITEM = Phrases(
    new=_("New quote item"),
    edit=_("Edit quote item"),
    delete=_("Delete quote item"),
    none=_("No quote items yet"),
    count=ngettext_lazy("%(count)s quote item", "%(count)s quote items", "n"),
)
TEMPLATE = Phrases(
    new=_("New document template"),
    edit=_("Edit document template"),
    delete=_("Delete document template"),
    none=_("No document templates yet"),
    count=ngettext_lazy("%(count)s document template", "%(count)s document templates", "n"),
)
