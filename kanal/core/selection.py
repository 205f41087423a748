"""The records confirmed for a bulk change: stored when the dialog names them, so that no others change (LIST-5)."""

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core import access
from kanal.core.entity import Entity
from kanal.core.jobs import periodic
from kanal.core.models import Selection
from kanal.kit.errors import Refused

KEPT_FOR = dt.timedelta(days=7)


def store_selection(user: Any, entity: Entity, records: QuerySet) -> Selection:
    """Store the ids that a query currently returns, without loading them."""
    kept = Selection.objects.create(user=user, entity=entity.key)
    Selection.objects.filter(pk=kept.pk).update(ids=ArraySubquery(records.order_by("pk").values("pk")))
    return kept


def get_selection(user: Any, entity: Entity, pk: int | None) -> Selection:
    """Return a selection of the user. Raise Refused if it has expired."""
    selection = Selection.objects.defer("ids").filter(pk=pk or 0, user=user, entity=entity.key).first()
    if selection is None:
        raise Refused(_("The selection has expired. Open the list and select the records again."))
    return selection


def size(kept: Selection) -> int:
    """Count the selected records."""
    number = Func(F("ids"), function="cardinality")
    return int(Selection.objects.filter(pk=kept.pk).values_list(number, flat=True).get())


def records_of(user: Any, entity: Entity, kept: Selection) -> QuerySet:
    """Return the selected records that still exist and are visible to the user."""
    ids = Selection.objects.filter(pk=kept.pk).values(one=Func(F("ids"), function="unnest"))
    return access.visible_to(user, entity).filter(pk__in=ids)


def drop_old() -> None:
    """Delete selections older than a week."""
    Selection.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()  # direct write: not a record


@periodic("core.drop_old_selections", cron="47 3 * * *", label=gettext_lazy("Old selections"))
def drop_old_selections(timestamp: int) -> None:
    """Delete the selections of bulk changes older than a week."""
    drop_old()
