"""What the splitter hears of: new leads."""

from typing import Any

from kanal.core import events
from kanal.core.actor import Actor, ChangeSource
from kanal.entities.leads.models import Lead
from kanal.entities.splitter.actions import split


def splits_itself(by: Actor) -> bool:
    """Return whether who makes leads has them split in the same transaction, as the intake does."""
    return by.means == ChangeSource.INTAKE


def hear_of_lead(record_id: int, user_id: int | None, **facts: Any) -> None:
    """Run a new lead through the filters, whoever made it; one that has somebody is left alone."""
    if Lead.objects.filter(pk=record_id, awaits_split=True).exists():
        split([record_id], by=Actor(means=ChangeSource.JOB))


events.subscribe("leads.created", hear_of_lead, unless=splits_itself)
