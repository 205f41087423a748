"""Dashboard modules of accounts."""

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import ASIDE, FIGURE_MODULE, RECORDS_MODULE, Preset, register_preset
from kanal.core.homes import Home

MINE = "account_manager:any(me);is_archived:is(no)"

register_preset(
    Preset(
        "accounts.mine", _("My accounts"), FIGURE_MODULE, {"type": "accounts", "filter": MINE},
        {Home.ACCOUNT_MANAGER: 25},
    )
)  # fmt: skip
register_preset(
    Preset(
        "accounts.news", _("My accounts, changed since you last looked"), RECORDS_MODULE,
        {"type": "accounts", "filter": f"{MINE};has_news:is(yes)", "sort": "-updated_at", "hints": ("city",),
         "marks": ("industry",), "empty": _("Nobody else has changed an account of yours")},
        {Home.ACCOUNT_MANAGER: ASIDE + 10}, is_deferred=True,
    )
)  # fmt: skip
