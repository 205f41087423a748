"""Signal handler of the splitter: new leads."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kanal.core import events
from kanal.core.actor import Actor, ChangeSource
from kanal.core.events import RecordChange
from kanal.entities.leads.models import Lead
from kanal.entities.splitter.actions import split


def split_new_leads(changes: Sequence[RecordChange]) -> None:
    """Run new leads through the filters, regardless of who created them. Leads assigned by now are skipped."""
    ids = [change.record_id for change in changes]
    if waiting := list(Lead.objects.filter(pk__in=ids, awaits_split=True).values_list("pk", flat=True)):
        split(waiting, by=Actor(means=ChangeSource.JOB))


events.subscribe(
    "splitter", ["leads.created"], split_new_leads, label=_("Lead splitter"),
    ignored_means=[ChangeSource.INTAKE],  # leads from the intake are split in the same transaction
)  # fmt: skip
