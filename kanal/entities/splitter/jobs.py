"""The splitter's work in the background: new leads, and “Execute” with its progress."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from kanal.core.actor import Actor, Means
from kanal.core.jobs import job
from kanal.core.models import Progress
from kanal.entities.leads.models import Lead
from kanal.entities.splitter import actions
from kanal.entities.splitter.models import SplitterFilter


@app.periodic(cron="*/5 * * * *")
@app.task(name="splitter.catch_up", queueing_lock="splitter.catch_up")
def catch_up(timestamp: int) -> None:
    """Split the leads that still wait after a crash."""
    waiting = Lead.objects.filter(awaits_split=True).order_by("pk").values_list("pk", flat=True)[:2000]
    actions.split(list(waiting), by=Actor(means=Means.JOB))


def start(row: SplitterFilter, values: Any = None, *, by: Actor) -> None:
    """Have a filter run over the unprocessed leads, with a progress that the user sees."""
    progress = Progress.objects.create(  # pen: no record
        title=_("Execute “%(name)s”") % {"name": row.name}, user=by.user, result={"filter": row.pk}
    )
    execute_filter.defer(filter_id=row.pk, progress_id=progress.pk)


@job("splitter.execute", label=gettext_lazy("Lead splitter"))
def execute_filter(filter_id: int, progress_id: int) -> None:
    """Run a filter over the unprocessed leads; a repeat after a crash goes on with those that are left."""
    progress = Progress.objects.select_related("user").get(pk=progress_id)
    row = SplitterFilter.objects.get(pk=filter_id)
    note(progress, state=Progress.State.RUNNING)
    try:
        given = actions.execute(
            row, by=Actor(progress.user, Means.JOB), progress=lambda done, total: step(progress, done, total)
        )
    except Exception as problem:
        note(progress, state=Progress.State.FAILED, error=str(problem)[:500], finished_at=timezone.now())
        raise
    done = Progress.State.CANCELLED if progress.cancel else Progress.State.DONE
    note(progress, state=done, result={"filter": filter_id, "assigned": given}, finished_at=timezone.now())


def step(progress: Progress, done: int, total: int) -> bool:
    """Note how far the work is; tell whether it is to go on."""
    note(progress, done=done, total=total)
    progress.refresh_from_db(fields=["cancel"])
    return not progress.cancel


def note(progress: Progress, **values: Any) -> None:
    """Store what is known of the work."""
    for name, value in values.items():
        setattr(progress, name, value)
    progress.save(update_fields=list(values))  # pen: no record
