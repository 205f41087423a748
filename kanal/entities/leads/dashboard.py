"""Dashboard modules of leads on the start page and the CRM page."""

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import CRM, FIGURE_MODULE, RECORDS_MODULE, STATUS_CHART_MODULE, Preset, register_preset

NEW = "assignee:any(me);stage:any(new);is_archived:is(no)"
OPEN = "assignee:any(me);stage:any(new,touched);is_archived:is(no)"

register_preset(Preset("leads.new", _("New leads"), FIGURE_MODULE, {"type": "leads", "filter": NEW}, order=30))
register_preset(
    Preset(
        "leads.mine", _("My leads"), RECORDS_MODULE,
        {"type": "leads", "filter": OPEN, "sort": "-received_at", "hints": ("company",), "marks": ("status",),
         "nothing": _("Leads assigned to you appear here, the newest first.")},
        order=30,
    )
)  # fmt: skip
register_preset(Preset("leads.by-status", "", STATUS_CHART_MODULE, {"type": "leads"}, page=CRM, order=10))
