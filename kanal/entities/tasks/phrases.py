"""Phrases for trackers and related record types."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kanal.core.phrases import Phrases

TRACKER = Phrases(
    new=_("New tracker"),
    edit=_("Edit tracker"),
    delete=_("Delete tracker"),
    none=_("No trackers yet"),
    count=ngettext_lazy("%(count)s tracker", "%(count)s trackers", "n"),
)
TASK_STATUS = Phrases(
    new=_("New task status"),
    edit=_("Edit task status"),
    delete=_("Delete task status"),
    none=_("No task statuses yet"),
    count=ngettext_lazy("%(count)s task status", "%(count)s task statuses", "n"),
)
TASK = Phrases(
    new=_("New task"),
    edit=_("Edit task"),
    delete=_("Delete task"),
    none=_("No tasks yet"),
    import_=_("Import tasks"),
    count=ngettext_lazy("%(count)s task", "%(count)s tasks", "n"),
)
