"""Dashboard modules of activities."""

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import FIGURE_MODULE, RECORDS_MODULE, Preset, register_preset
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
