"""Performance: the slowest pages and jobs, slow statements, and a statement's plan (REL-4)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core.administration import require_administrator
from kanal.features.performance import reading
from kanal.features.performance.models import SlowStatement
from kanal.kit.errors import NotFound, Refused

HERE = "/settings/performance/"
HOURS = (1, 24, 24 * 7)


def performance(request: HttpRequest) -> HttpResponse:
    """Show what took the most time in recent hours."""
    require_administrator(request.user)
    hours = next((option for option in HOURS if str(option) == request.GET.get("hours")), HOURS[1])
    labels = {1: _("Last hour"), 24: _("Last 24 hours"), 24 * 7: _("Last 7 days")}
    context = {
        "title": _("Performance"),
        "periods": [
            {"label": label, "url": f"{HERE}?hours={option}", "active": option == hours}
            for option, label in labels.items()
        ],
        "tables": [
            {"title": _("Pages"), "rows": reading.slowest(hours), "is_page": True},
            {"title": _("Jobs"), "rows": reading.slowest(hours, "job"), "is_page": False},
        ],
        "statements": reading.slow_statements(),
        "server": reading.server_statistics(),
    }
    return render(request, "pages/settings/performance.html", context)


def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a slow statement and, on request, its current query plan."""
    require_administrator(request.user)
    row = SlowStatement.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound
    plan, refusal = "", ""
    try:
        plan = reading.plan_of(row)
    except Refused as problem:
        refusal = str(problem)
    context = {"title": _("Slow statement"), "row": row, "plan": plan, "refusal": refusal, "back": HERE}
    return render(request, "pages/settings/statement.html", context)
