"""Dashboard modules of accounts."""

from django.utils.translation import gettext_lazy as _

from kanal.core.dashboards import (
    ASIDE,
    BREAKDOWN_MODULE,
    FIGURE_MODULE,
    RECORDS_MODULE,
    Preset,
    overview_of,
    register_preset,
)  # fmt: skip
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
         "marks": ("industry",), "empty": _("Nobody else has changed an account of yours"), "begins": False},
        {Home.ACCOUNT_MANAGER: ASIDE + 10}, is_deferred=True,
    )
)  # fmt: skip

for place, field in ((10, "account_manager"), (ASIDE, "industry")):
    settings = {"type": "accounts", "by": field}
    register_preset(Preset(f"accounts.by-{field}", "", BREAKDOWN_MODULE, settings, {overview_of("accounts"): place}))
register_preset(
    Preset(
        "accounts.key-accounts", _("Key accounts"), RECORDS_MODULE,
        {"type": "accounts", "filter": "key_account:is(yes);is_archived:is(no)", "sort": "-updated_at",
         "hints": ("city", "country"), "marks": ("account_manager",), "empty": _("No key accounts yet")},
        {overview_of("accounts"): 20},
    )
)  # fmt: skip
