"""The open tickets in the head of an account, as the reader sees them (ACCT-6)."""

from typing import Any

from django.db.models import BigAutoField, Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kanal.core.access.queryset import condition_for
from kanal.core.context import today
from kanal.core.entity import Figure, FigureValue
from kanal.core.query.compiled import Param, compiled
from kanal.core.registry import extend
from kanal.entities.tasks.entity import TASKS
from kanal.entities.tasks.models import Task, TaskStatus
from kanal.kit.writing import relative_day


def open_tickets(account: Any, user: Any) -> FigureValue | None:
    """Return the number of an account's open tickets, with the age of the oldest."""
    tickets = compiled(tickets_of, condition_for(user, TASKS)).first(account=account.pk)
    if tickets is None:
        return None
    since = timezone.localtime(tickets["oldest"]).date()
    age = relative_day(since, today(), get_language() or "en")
    return FigureValue(tickets["count"], _("oldest: %(age)s") % {"age": age})


def tickets_of(condition: Q | None) -> QuerySet:
    """Return the query for the number of an account's open tickets and when the oldest was created."""
    records = Task.objects.order_by() if condition is None else Task.objects.order_by().filter(condition)
    return (
        records.exclude(status__kind=TaskStatus.Kind.CLOSED)
        .filter(accounts=Param("account", BigAutoField()))
        .values("accounts")
        .annotate(count=Count("pk"), oldest=Min("created_at"))
    )


extend(
    "accounts",
    Figure(
        "open_tickets",
        gettext_lazy("Open tickets"),
        open_tickets,
        tells=("tasks.status", "tasks.accounts", "tasks.created_at"),
        order=40,
    ),
)
