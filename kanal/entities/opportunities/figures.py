"""The open pipeline in the heads of accounts and partners, as the reader sees it (ACCT-6)."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import BigAutoField, Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kanal.core import currencies
from kanal.core.access.queryset import condition_for
from kanal.core.entity import Figure, FigureValue
from kanal.core.query.compiled import Param, compiled
from kanal.core.registry import extend
from kanal.entities.opportunities.entity import OPPORTUNITIES
from kanal.entities.opportunities.models import Opportunity, OpportunityStatus
from kanal.kit.money import Money

OPEN = (OpportunityStatus.Kind.OPEN, OpportunityStatus.Kind.ON_HOLD)


def open_pipeline(parent: str, record: Any, user: Any) -> FigureValue | None:
    """Return the value of a record's open opportunities in the main currency, with their number."""
    condition = condition_for(user, OPPORTUNITIES)
    pipeline = compiled(pipeline_of, parent, condition).first(record=record.pk)
    if pipeline is None:
        return None
    count = pipeline["count"]
    note = ngettext("%(count)s open opportunity", "%(count)s open opportunities", count) % {"count": count}
    return FigureValue(Money(pipeline["total"] or Decimal(0), currencies.main()), note)


def pipeline_of(parent: str, condition: Q | None) -> QuerySet:
    """Return the query for the value and the number of a record's open opportunities."""
    records = Opportunity.objects.order_by()
    return (
        (records if condition is None else records.filter(condition))
        .filter(status__kind__in=OPEN, **{f"{parent}_id": Param("record", BigAutoField())})
        .values(f"{parent}_id")
        .annotate(total=Sum("value_main"), count=Count("pk"))
    )


for key, parent in (("accounts", "account"), ("partners", "partner")):
    tells = tuple(f"opportunities.{name}" for name in ("value", "status", parent))
    extend(key, Figure("open_pipeline", _("Open pipeline"), partial(open_pipeline, parent), tells=tells, order=20))
