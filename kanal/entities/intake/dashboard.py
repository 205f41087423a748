"""Dashboard modules of received leads."""

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import FIGURE_MODULE, RECORDS_MODULE, Preset, register_preset
from kanal.core.homes import Home

ATTENTION = "state:any(attention)"

register_preset(
    Preset(
        "intakes.attention", _("Posts that need attention"), FIGURE_MODULE,
        {"type": "intakes", "filter": ATTENTION, "tone": "danger"}, {Home.ADMINISTRATOR: 20, Home.LEAD_MANAGER: 5},
    )
)  # fmt: skip
register_preset(
    Preset(
        "intakes.attention-list", _("Posts that need attention"), RECORDS_MODULE,
        {"type": "intakes", "filter": ATTENTION, "sort": "-updated_at", "hints": ("reason",), "marks": ("source",),
         "empty": _("No received post needs attention")},
        {Home.ADMINISTRATOR: 20, Home.LEAD_MANAGER: 30},
    )
)  # fmt: skip
