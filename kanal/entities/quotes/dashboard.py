"""Dashboard modules of quotes."""

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import ASIDE, FIGURE_MODULE, RECORDS_MODULE, Preset, register_preset
from kanal.core.homes import Home

OPEN = "state:any(draft,approval,sent);is_active:is(yes)"

register_preset(
    Preset(
        "quotes.open", _("Open quotes"), FIGURE_MODULE, {"type": "quotes", "filter": OPEN, "money": "value"},
        {Home.PARTNER: 55},
    )
)  # fmt: skip
register_preset(
    Preset(
        "quotes.open-list", _("Open quotes"), RECORDS_MODULE,
        {"type": "quotes", "filter": OPEN, "sort": "valid_until", "hints": ("opportunity",),
         "marks": ("value", "state"), "empty": _("No quotes waiting for an answer"), "begins": False},
        {Home.PARTNER: ASIDE + 5},
    )
)  # fmt: skip
