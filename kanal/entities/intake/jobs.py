"""The intake's work in the background."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kanal.core.jobs import job
from kanal.entities.intake.pipeline import BATCH, process_batch
from kanal.entities.intake.storage import let_posts_end


@job("intake.process", label=_("Messages that came in"), queue="intake")
def process() -> None:
    """Handle what has come, in batches, until nothing waits.

    Posts queue no second job while one waits; those under way that rely on this one are waited for, then it looks.
    """
    with transaction.atomic():
        let_posts_end()
    while process_batch() == BATCH:
        continue


@app.periodic(cron="* * * * *")
@app.task(name="intake.catch_up", queueing_lock="intake.catch_up", queue="intake")
def catch_up(timestamp: int) -> None:
    """Handle what still waits after a crash."""
    while process_batch() == BATCH:
        continue
