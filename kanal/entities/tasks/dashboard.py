"""Dashboard modules of tasks."""

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import RECORDS_MODULE, Preset, register_preset

register_preset(
    Preset(
        "tasks.mine", _("My tasks"), RECORDS_MODULE,
        {"type": "tasks", "filter": "assignee:any(me);done_percent:lt(100)", "sort": "due", "hints": ("project",),
         "nothing": _("Nothing to do in your projects.")},
        order=40,
    )
)  # fmt: skip
