"""Dashboard modules of leads on the homes and the CRM page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import (
    ASIDE,
    COMPARISON_MODULE,
    CRM,
    FIGURE_MODULE,
    RANKING_MODULE,
    RECORDS_MODULE,
    STATUS_CHART_MODULE,
    Preset,
    register_preset,
)  # fmt: skip
from kanal.core.homes import Home
from kanal.entities.leads.response import RESPONSE_TIME

CURRENT = "is_archived:is(no)"
NEW = f"assignee:any(me);stage:any(new);{CURRENT}"
OPEN = f"assignee:any(me);stage:any(new,touched);{CURRENT}"
UNASSIGNED = f"assignee:empty;partner:empty;stage:any(new,touched);{CURRENT}"
UNTOUCHED = f"stage:any(new);assignee:set;{CURRENT}"
OWN = (Home.SELLER, Home.PARTNER, Home.OVERVIEW)
CARDS: dict[str, int] = {Home.SELLER: ASIDE + 10, Home.PARTNER: 10, Home.OVERVIEW: 30}


def lead_figure(key: str, title: Any, text: str, pages: dict[str, int], tone: str = "") -> Preset:
    """Return a figure with the number of filtered leads."""
    return Preset(key, title, FIGURE_MODULE, {"type": "leads", "filter": text, "tone": tone}, pages)


register_preset(lead_figure("leads.new", _("New leads"), NEW, dict.fromkeys(OWN, 30)))
register_preset(lead_figure("leads.unassigned", _("Unassigned leads"), UNASSIGNED, {Home.LEAD_MANAGER: 1}, "danger"))
register_preset(lead_figure("leads.untouched", _("Waiting for first contact"), UNTOUCHED, {Home.LEAD_MANAGER: 2}))
register_preset(
    Preset(
        "leads.this-week", _("Leads this week"), COMPARISON_MODULE,
        {"type": "leads", "date": "received_at", "unit": "week"},
        {Home.LEAD_MANAGER: 3, Home.DIRECTOR: 50},
    )
)  # fmt: skip
register_preset(
    Preset("leads.response-time", _("Time to first contact"), RESPONSE_TIME.key, {}, {Home.LEAD_MANAGER: 4})
)
register_preset(
    Preset(
        "leads.mine", _("My leads"), RECORDS_MODULE,
        {"type": "leads", "filter": OPEN, "sort": "-received_at", "hints": ("company",), "marks": ("status",),
         "empty": _("No leads assigned to you")},
        CARDS,
    )
)  # fmt: skip
register_preset(
    Preset(
        "leads.oldest-unassigned", _("Unassigned, oldest first"), RECORDS_MODULE,
        {"type": "leads", "filter": UNASSIGNED, "sort": "received_at", "day": "received_at", "hints": ("company",),
         "marks": ("source",), "empty": _("Every open lead is assigned"), "begins": False},
        {Home.LEAD_MANAGER: 10},
    )
)  # fmt: skip
register_preset(
    Preset(
        "leads.oldest-untouched", _("Waiting for first contact, oldest first"), RECORDS_MODULE,
        {"type": "leads", "filter": UNTOUCHED, "sort": "received_at", "day": "received_at", "hints": ("assignee",),
         "marks": ("status",), "empty": _("No assigned lead waits for first contact"), "begins": False},
        {Home.LEAD_MANAGER: 20},
    )
)  # fmt: skip
register_preset(
    Preset(
        "leads.by-assignee", _("Open leads by assignee"), RANKING_MODULE,
        {"type": "leads", "filter": f"stage:any(new,touched);{CURRENT}", "by": "assignee",
         "empty": _("No open leads are assigned")},
        {Home.LEAD_MANAGER: ASIDE + 10}, is_deferred=True,
    )
)  # fmt: skip
register_preset(
    Preset("leads.by-status", "", STATUS_CHART_MODULE, {"type": "leads"}, {CRM: 10, Home.LEAD_MANAGER: ASIDE + 20})
)
