"""Dashboard modules of contracts."""

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import ASIDE, FIGURE_MODULE, RECORDS_MODULE, Preset, overview_of, register_preset
from kanal.core.homes import Home

RUNNING = "status:any(ordered,in_delivery,active,ending)"
ENDING = f"{RUNNING};end:within(next,90,days)"

register_preset(
    Preset(
        "contracts.running", _("Running contracts"), FIGURE_MODULE,
        {"type": "contracts", "filter": RUNNING, "money": "value"},
        {Home.PARTNER: 70, Home.ACCOUNT_MANAGER: 70, overview_of("contracts"): 10},
    )
)  # fmt: skip
register_preset(
    Preset(
        "contracts.ending", _("Ending within 90 days"), FIGURE_MODULE,
        {"type": "contracts", "filter": ENDING, "money": "value"},
        {Home.ACCOUNT_MANAGER: 30, overview_of("contracts"): 20},
    )
)  # fmt: skip
register_preset(
    Preset(
        "contracts.next-ends", _("Contracts ending within 90 days"), RECORDS_MODULE,
        {"type": "contracts", "filter": ENDING, "sort": "end", "hints": ("account",), "marks": ("value", "status"),
         "empty": _("No contract ends within 90 days")},
        {Home.ACCOUNT_MANAGER: 5, Home.PARTNER: ASIDE + 10, Home.SUPPORT: ASIDE + 10},
    )
)  # fmt: skip
register_preset(
    Preset(
        "contracts.expiring", _("Expiring services"), RECORDS_MODULE,
        {"type": "contracts", "filter": ENDING, "sort": "end", "hints": ("account",), "marks": ("value",),
         "empty": _("No service ends within 90 days")},
        {overview_of("accounts"): ASIDE + 10, overview_of("contracts"): 30},
    )
)  # fmt: skip
