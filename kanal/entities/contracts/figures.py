"""Figures of an account's contracts that are visible to the reader (ACCT-6)."""

from decimal import Decimal
from typing import Any

from django.db.models import BigAutoField, Count, DateField, Min, Q, QuerySet, Sum
from django.utils.translation import get_language, gettext

from kanal.core import currencies, registry
from kanal.core.access.queryset import condition_for
from kanal.core.context import today
from kanal.core.entity import FigureValue
from kanal.core.query.compiled import Param, compiled
from kanal.entities.contracts.models import Contract
from kanal.kit.money import Money
from kanal.kit.writing import written_day

RUNNING = ("ordered", "in_delivery", "active", "ending")


def visible_figures(account: Any, user: Any) -> dict[str, Any]:
    """Return the figures of an account's contracts visible to the user, in one query."""
    condition = condition_for(user, registry.get("contracts"))
    figures = compiled(figures_of, condition).first(account=account.pk, today=today())
    return figures or {"revenue": None, "count": 0, "following": None}


def lifetime_revenue(figures: dict[str, Any], user: Any) -> Money | None:
    """Return the total value of an account's contracts visible to the user, in the main currency."""
    total = figures["revenue"]
    return Money(Decimal(total), currencies.main()) if total else None


def figures_of(condition: Q | None) -> QuerySet:
    """Return the query for the value of an account's contracts, the number running today, and the next end."""
    records = Contract.objects.order_by() if condition is None else Contract.objects.order_by().filter(condition)
    today = Param("today", DateField())
    runs = Q(status__in=RUNNING) & (Q(end__isnull=True) | Q(end__gte=today))
    return (
        records.filter(account_id=Param("account", BigAutoField()))
        .values("account_id")
        .annotate(
            revenue=Sum("value_main", filter=~Q(status="cancelled")),
            count=Count("pk", filter=runs),
            following=Min("end", filter=runs),
        )
    )


def running_contracts(figures: dict[str, Any], user: Any) -> FigureValue | None:
    """Return the number of contracts running today, with the next end (ACCT-6)."""
    count, following = figures["count"], figures["following"]
    if not count:
        return None
    if not following:
        return FigureValue(count)
    return FigureValue(count, gettext("next end %(day)s") % {"day": written_day(following, get_language() or "en")})
