"""Dashboard modules of opportunities on the start page and the CRM page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import CRM, FIGURE_MODULE, RECORDS_MODULE, STATUS_CHART_MODULE, Preset, register_preset

OPEN = "assignee:any(me);status:none(won,lost)"
WON = "assignee:any(me);sold_at:within(this,quarter)"


def figure(key: str, title: Any, text: str, order: int, period: str = "") -> Preset:
    """Return a figure with the number and value of filtered opportunities, optionally expected to close in a period."""
    settings = {"type": "opportunities", "filter": text, "period": period, "money": "value"}
    return Preset(key, title, FIGURE_MODULE, settings, order=order)


register_preset(figure("opportunities.open", _("Open opportunities"), OPEN, 40))
register_preset(figure("opportunities.closing", _("Closing this month"), OPEN, 50, "this_month"))
register_preset(figure("opportunities.won", _("Won this quarter"), WON, 60))
register_preset(
    Preset(
        "opportunities.mine", _("My open opportunities"), RECORDS_MODULE,
        {"type": "opportunities", "filter": OPEN, "sort": "expected_close_date", "hints": ("account",),
         "marks": ("value", "status"), "nothing": _("Qualify a lead, or create an opportunity.")},
        order=20,
    )
)  # fmt: skip
register_preset(
    Preset("opportunities.by-status", "", STATUS_CHART_MODULE, {"type": "opportunities"}, page=CRM, order=20)
)
