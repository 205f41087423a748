"""The intake's work in the background."""

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from kanal.core.jobs import job
from kanal.entities.intake.process import BATCH, process_batch


@job("intake.process", label=_("Messages that came in"), queue="intake")
def process() -> None:
    """Handle what has come, in batches, until nothing waits."""
    while process_batch() == BATCH:
        continue


@app.periodic(cron="* * * * *")
@app.task(name="intake.catch_up", queueing_lock="intake.catch_up", queue="intake")
def catch_up(timestamp: int) -> None:
    """Handle what still waits after a crash."""
    while process_batch() == BATCH:
        continue
