"""Phrases for account types and related record types."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

ACCOUNT_TYPE = Phrases(
    new=_("New account type"),
    edit=_("Edit account type"),
    delete=_("Delete account type"),
    none=_("No account types yet"),
    count=ngettext_lazy("%(count)s account type", "%(count)s account types", "n"),
)
ACCOUNT_GROUP = Phrases(
    new=_("New account group"),
    edit=_("Edit account group"),
    delete=_("Delete account group"),
    none=_("No account groups yet"),
    import_=_("Import account groups"),
    count=ngettext_lazy("%(count)s account group", "%(count)s account groups", "n"),
)
ACCOUNT = Phrases(
    new=_("New account"),
    edit=_("Edit account"),
    delete=_("Delete account"),
    none=_("No accounts yet"),
    import_=_("Import accounts"),
    count=ngettext_lazy("%(count)s account", "%(count)s accounts", "n"),
)
ACCOUNT_RELATION = Phrases(
    new=_("New related account"),
    edit=_("Edit related account"),
    delete=_("Delete related account"),
    none=_("No related accounts yet"),
    import_=_("Import related accounts"),
    count=ngettext_lazy("%(count)s related account", "%(count)s related accounts", "n"),
)
