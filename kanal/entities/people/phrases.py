"""Phrases for users and related record types."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

USER = Phrases(
    new=_("New user"),
    edit=_("Edit user"),
    delete=_("Delete user"),
    none=_("No users yet"),
    count=ngettext_lazy("%(count)s user", "%(count)s users", "n"),
)
GROUP = Phrases(
    new=_("New group"),
    edit=_("Edit group"),
    delete=_("Delete group"),
    none=_("No groups yet"),
    count=ngettext_lazy("%(count)s group", "%(count)s groups", "n"),
)
