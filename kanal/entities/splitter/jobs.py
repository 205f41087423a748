"""Background jobs of the splitter: new leads, and “Execute” with progress."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kanal.core.actor import Actor, ChangeSource
from kanal.core.job_progress import create_progress, following, stepper, update_progress
from kanal.core.jobs import job, periodic
from kanal.entities.leads.models import Lead
from kanal.entities.splitter import actions
from kanal.entities.splitter.models import SplitterFilter
from kanal.kit.errors import Withdrawn


@periodic("splitter.catch_up", cron="*/5 * * * *", label=gettext_lazy("Leads left by the splitter"))
def catch_up(timestamp: int) -> None:
    """Split leads left over by a crash."""
    waiting = Lead.objects.filter(awaits_split=True).order_by("pk").values_list("pk", flat=True)[:2000]
    actions.split(list(waiting), by=Actor(means=ChangeSource.JOB))


def start_splitter(row: SplitterFilter, values: Any = None, *, by: Actor) -> None:
    """Queue a filter run over the unprocessed leads, with a progress visible to the user."""
    progress = create_progress(_("Execute “%(name)s”") % {"name": row.name}, by.user, filter=row.pk)
    execute_filter.defer(filter_id=row.pk, progress_id=progress.pk)


@job("splitter.execute", label=gettext_lazy("Lead splitter"))
def execute_filter(filter_id: int, progress_id: int) -> None:
    """Run a filter over the unprocessed leads. A retry after a crash continues with the rest."""
    with following(progress_id) as progress:
        row, go_on = SplitterFilter.objects.filter(pk=filter_id).first(), stepper(progress)
        if row is None:
            raise Withdrawn(_("The filter was deleted, so the remaining leads were not processed."))

        def step(done: int, total: int) -> bool:
            update_progress(progress, total=total)
            return go_on(done)

        given = actions.execute(row, by=Actor(progress.user, ChangeSource.JOB), progress=step)
        update_progress(progress, result={"filter": filter_id, "assigned": given})
