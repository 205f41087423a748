"""Jobs that pages begin: a bulk change of many records."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kanal.core import registry, writes
from kanal.core.actor import Actor, Means
from kanal.core.jobs import job
from kanal.core.listing import Ask
from kanal.core.progress import following, note, stepper
from kanal.core.query import parse
from kanal.web.bulk import chosen


@job("web.bulk", label=_("Bulk change"))
def run_bulk(
    progress_id: int,
    entity_key: str,
    filter_text: str,
    search: str,
    project_id: int | None,
    ids: list[int] | None,
    values: dict[str, Any] | None,
) -> None:
    """Change or delete the chosen records in pieces, each a transaction; repeated after a crash it does the rest."""
    with following(progress_id) as progress:
        entity = registry.get(entity_key)
        ask = Ask(entity, progress.user, parse(filter_text), text=search, project=project_id)
        records = chosen(ask, ids or [], everything=ids is None)
        by = Actor(progress.user, Means.BULK)
        step = stepper(progress)
        if values is None:
            outcome = writes.delete_many(records, by=by, progress=step)
        else:
            outcome = writes.change_many(records, values, by=by, progress=step)
        refused = [[f"#{pk}", reason] for pk, reason in outcome.refused[:200]]
        result = {**progress.result, "refused": refused, "refused_count": len(outcome.refused)}
        note(progress, done=outcome.done + len(outcome.refused), result=result)
