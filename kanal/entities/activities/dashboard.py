"""Dashboard modules of activities."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import FIGURE_MODULE, RECORDS_MODULE, Preset, overview_of, register_preset
from kanal.core.homes import Home

OPEN = "assignee:any(me);done:is(no)"
OVERDUE = {"type": "activities", "filter": f"{OPEN};start:before(today)", "tone": "danger"}
TODAY = {"type": "activities", "filter": f"{OPEN};start:on(today)"}
CALLING = (Home.SELLER, Home.SUPPORT, Home.OVERVIEW)
CARDS: dict[str, int] = {
    Home.SELLER: 10, Home.ACCOUNT_MANAGER: 10, Home.OVERVIEW: 10, Home.SUPPORT: 30, Home.LEAD_MANAGER: 40,
    Home.PARTNER: 40,
}  # fmt: skip

register_preset(
    Preset(
        "activities.overdue", _("Overdue activities"), FIGURE_MODULE, OVERDUE,
        dict.fromkeys((*CALLING, Home.ACCOUNT_MANAGER), 10),
    )
)  # fmt: skip
register_preset(Preset("activities.today", _("Activities today"), FIGURE_MODULE, TODAY, dict.fromkeys(CALLING, 20)))
register_preset(
    Preset(
        "activities.mine", _("My activities"), RECORDS_MODULE,
        {"type": "activities", "filter": OPEN, "sort": "start", "hints": ("opportunity", "lead", "account", "contact"),
         "marks": ("category",), "verb": "mark-done", "empty": _("No calls or meetings planned")},
        CARDS,
    )
)  # fmt: skip


def agenda(key: str, title: Any, when: str, empty: Any, order: int) -> Preset:
    """Return a list of the reader's open activities of a period on the overview of activities (ACT-3)."""
    settings = {
        "type": "activities", "filter": f"{OPEN};{when}", "sort": "start",
        "hints": ("opportunity", "lead", "account", "contact"), "marks": ("category",), "verb": "mark-done",
        "empty": empty,
    }  # fmt: skip
    return Preset(f"activities.agenda-{key}", title, RECORDS_MODULE, settings, {overview_of("activities"): order})


register_preset(agenda("overdue", _("Overdue"), "start:before(today)", _("No activity of yours is overdue"), 10))
register_preset(agenda("today", _("Today"), "start:on(today)", _("You have no activities today"), 20))
register_preset(agenda("planned", _("Planned"), "start:after(today)", _("You have no planned activities"), 30))
