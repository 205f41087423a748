"""Jobs started by pages: a bulk change of many records."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import context, registry, selection, writes
from kanal.core.actor import ChangeSource
from kanal.core.job_progress import following, stepper, update_progress
from kanal.core.jobs import job
from kanal.core.models import Progress
from kanal.core.writes import BulkResult


@job("web.bulk", label=_("Bulk change"))
def run_bulk(progress_id: int, entity_key: str, selection_id: int, values: dict[str, Any] | None) -> None:
    """Change or delete exactly the confirmed records in batches, each in its own transaction (LIST-5).

    A retry after a crash continues with the rest.
    """
    with following(progress_id) as progress:
        entity = registry.get(entity_key)
        kept = selection.get_selection(progress.user, entity, selection_id)
        records = selection.records_of(progress.user, entity, kept)
        by = context.current_context().but(user_id=progress.user_id, known=progress.user).actor(ChangeSource.BULK)
        before = progress.done if values is None else 0
        step = stepper(progress, before)
        if values is None:
            outcome = writes.delete_many(records, by=by, progress=step)
        else:
            outcome = writes.change_many(records, values, by=by, progress=step)
        report(progress, outcome, before)


def report(progress: Progress, outcome: BulkResult, before: int) -> None:
    """Report which records were skipped, and how many of the confirmed ones no longer exist."""
    refused = [[f"#{pk}", reason] for pk, reason in outcome.refused[:200]]
    done = outcome.done + len(outcome.refused)
    gone = 0 if progress.cancel else max(progress.total - done - before, 0)
    result = {**progress.result, "refused": refused, "refused_count": len(outcome.refused), "gone": gone}
    update_progress(progress, done=done + before, result=result)
