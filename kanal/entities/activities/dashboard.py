"""Dashboard modules of activities."""

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import FIGURE_MODULE, RECORDS_MODULE, Preset, register_preset

OPEN = "assignee:any(me);done:is(no)"
OVERDUE = {"type": "activities", "filter": f"{OPEN};start:before(today)", "tone": "danger"}
TODAY = {"type": "activities", "filter": f"{OPEN};start:on(today)"}

register_preset(Preset("activities.overdue", _("Overdue activities"), FIGURE_MODULE, OVERDUE, order=10))
register_preset(Preset("activities.today", _("Activities today"), FIGURE_MODULE, TODAY, order=20))
register_preset(
    Preset(
        "activities.mine", _("My activities"), RECORDS_MODULE,
        {"type": "activities", "filter": OPEN, "sort": "start", "hints": ("opportunity", "lead", "account", "contact"),
         "marks": ("category",), "verb": "mark-done",
         "nothing": _("Your planned calls and meetings appear here, the next one first.")},
        order=10,
    )
)  # fmt: skip
