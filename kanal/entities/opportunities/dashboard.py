"""Dashboard modules of opportunities on the homes and the CRM page."""

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
    overview_of,
    register_preset,
)  # fmt: skip
from kanal.core.homes import Home

OVERVIEW = overview_of("opportunities")
ALL_OPEN = "status:none(won,lost)"
OPEN = f"assignee:any(me);{ALL_OPEN}"
THIS_MONTH = f"{ALL_OPEN};expected_close_date:within(this,month)"
SELLING = (Home.SELLER, Home.PARTNER, Home.ACCOUNT_MANAGER, Home.OVERVIEW)
CLOSING = (Home.SELLER, Home.PARTNER, Home.OVERVIEW)
WON = {"type": "opportunities", "date": "sold_at", "money": "value"}


def figure(key: str, title: Any, text: str, pages: dict[str, int], period: str = "", money: str = "value") -> Preset:
    """Return a figure with the value and number of filtered opportunities, optionally expected to close in a period."""
    settings = {"type": "opportunities", "filter": text, "period": period, "money": money}
    return Preset(key, title, FIGURE_MODULE, settings, pages)


def records(key: str, title: Any, given: dict[str, Any], pages: dict[str, int], **options: Any) -> Preset:
    """Return a list of opportunities with their account, value and status."""
    settings = {"type": "opportunities", "hints": ("account",), "marks": ("value", "status"), **given}
    return Preset(key, title, RECORDS_MODULE, settings, pages, **options)


register_preset(figure("opportunities.open", _("Open opportunities"), OPEN, dict.fromkeys(SELLING, 40)))
register_preset(
    figure("opportunities.closing", _("Closing this month"), OPEN, dict.fromkeys(CLOSING, 50), period="this_month")
)
register_preset(
    Preset(
        "opportunities.won", _("Won this quarter"), COMPARISON_MODULE, {**WON, "filter": "assignee:any(me)"},
        dict.fromkeys(SELLING, 60),
    )
)  # fmt: skip
register_preset(figure("opportunities.pipeline", _("Open pipeline"), ALL_OPEN, {Home.DIRECTOR: 10, OVERVIEW: 10}))
register_preset(
    figure("opportunities.weighted", _("Weighted pipeline"), ALL_OPEN, {Home.DIRECTOR: 20}, money="weighted_value")
)
register_preset(
    Preset("opportunities.team-won", _("Won this quarter"), COMPARISON_MODULE, WON, {Home.DIRECTOR: 30, OVERVIEW: 40})
)
register_preset(
    figure(
        "opportunities.team-closing",
        _("Closing this month"),
        ALL_OPEN,
        {Home.DIRECTOR: 40, OVERVIEW: 20},
        period="this_month",
    )
)
register_preset(
    records(
        "opportunities.without-next-step", _("Opportunities without a next step"),
        {"filter": "assignee:any(me);attention:any(no_next_step)", "sort": "-value", "day": "expected_close_date",
         "deadline": True, "empty": _("No open opportunity without a next step"), "begins": False},
        {Home.SELLER: 15, Home.ACCOUNT_MANAGER: 40},
    )
)  # fmt: skip
register_preset(
    records(
        "opportunities.mine", _("My open opportunities"),
        {"filter": OPEN, "sort": "expected_close_date", "empty": _("No open opportunities assigned to you")},
        dict.fromkeys(SELLING, 20),
    )
)  # fmt: skip
register_preset(
    records(
        "opportunities.news", _("Changed since you last looked"),
        {"filter": "assignee:any(me);has_news:is(yes)", "sort": "-updated_at", "marks": ("status",),
         "empty": _("Nobody else has changed an opportunity of yours"), "begins": False},
        {Home.SELLER: ASIDE + 30, Home.PARTNER: ASIDE + 20}, is_deferred=True,
    )
)  # fmt: skip
register_preset(
    records(
        "opportunities.closing-list", _("Largest closing this month"),
        {"filter": THIS_MONTH, "sort": "-value", "day": "expected_close_date", "deadline": True,
         "marks": ("value", "assignee"), "empty": _("No open opportunity is expected to close this month"),
         "begins": False},
        {Home.DIRECTOR: 20}, is_deferred=True,
    )
)  # fmt: skip
register_preset(
    records(
        "opportunities.stale", _("Largest stale opportunities"),
        {"filter": "attention:any(stale)", "sort": "-value", "day": "updated_at",
         "marks": ("value", "assignee"), "empty": _("No stale opportunities"), "begins": False},
        {Home.DIRECTOR: 30}, is_deferred=True,
    )
)  # fmt: skip
register_preset(
    Preset(
        "opportunities.team", _("Won this quarter by seller"), RANKING_MODULE,
        {"type": "opportunities", "filter": "sold_at:within(this,quarter)", "money": "value", "by": "assignee",
         "empty": _("Nothing has been won this quarter yet")},
        {Home.DIRECTOR: ASIDE + 10}, is_deferred=True,
    )
)  # fmt: skip
register_preset(
    Preset(
        "opportunities.by-status", "", STATUS_CHART_MODULE, {"type": "opportunities"}, {CRM: 20, Home.DIRECTOR: 10},
    )
)  # fmt: skip
register_preset(
    records(
        "opportunities.attention", _("Need attention"),
        {"filter": "attention:set", "sort": "-value", "day": "expected_close_date", "deadline": True,
         "marks": ("attention", "value"), "empty": _("No opportunity needs attention"), "begins": False},
        {OVERVIEW: 10}, is_deferred=True,
    )
)  # fmt: skip
