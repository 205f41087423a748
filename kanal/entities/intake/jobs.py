"""Background jobs of the intake."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kanal.core.jobs import job, periodic
from kanal.entities.intake.pipeline import BATCH, process_batch
from kanal.entities.intake.storage import let_posts_end


@job("intake.process", label=_("Process received leads"), queue="intake")
def process() -> None:
    """Process received leads in batches until none is left.

    Posts don't queue a second job while one is waiting. The job first waits for concurrent posts that rely on it.
    """
    with transaction.atomic():
        let_posts_end()
    while process_batch() == BATCH:
        continue


@periodic("intake.catch_up", cron="* * * * *", label=_("Process received leads left over by a crash"), queue="intake")
def catch_up(timestamp: int) -> None:
    """Process leads left over by a crash."""
    while process_batch() == BATCH:
        continue
