"""Dashboard modules of tasks."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import ASIDE, FIGURE_MODULE, RECORDS_MODULE, Preset, register_preset
from kanal.core.homes import Home

OPEN = "closed_at:empty"
MINE = f"assignee:any(me);{OPEN}"


def task_figure(key: str, title: Any, text: str, place: int, tone: str = "") -> Preset:
    """Return a figure of the support's home with the number of filtered tasks."""
    return Preset(key, title, FIGURE_MODULE, {"type": "tasks", "filter": text, "tone": tone}, {Home.SUPPORT: place})


register_preset(task_figure("tasks.open", _("My open tasks"), MINE, 1))
register_preset(task_figure("tasks.overdue", _("My overdue tasks"), f"{MINE};due:before(today)", 2, "danger"))
register_preset(task_figure("tasks.this-week", _("Due this week"), f"{OPEN};due:within(this,week)", 3))
register_preset(task_figure("tasks.unassigned", _("Unassigned tasks"), f"{OPEN};assignee:empty", 4, "danger"))
register_preset(
    Preset(
        "tasks.mine", _("My tasks"), RECORDS_MODULE,
        {"type": "tasks", "filter": MINE, "sort": "due", "hints": ("primary_account", "project"),
         "marks": ("priority",), "empty": _("No tasks assigned to you")},
        {Home.SUPPORT: 10, Home.SELLER: ASIDE + 20, Home.ACCOUNT_MANAGER: ASIDE + 20, Home.OVERVIEW: ASIDE + 20},
    )
)  # fmt: skip
register_preset(
    Preset(
        "tasks.queue", _("Unassigned tasks, by deadline"), RECORDS_MODULE,
        {"type": "tasks", "filter": f"{OPEN};assignee:empty", "sort": "due", "hints": ("primary_account", "project"),
         "marks": ("tracker",), "empty": _("Every open task is assigned"), "begins": False},
        {Home.SUPPORT: 20},
    )
)  # fmt: skip
