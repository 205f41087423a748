"""The jobs that dry-run and run large imports."""

from django.utils.translation import gettext_lazy as _

from kanal.core.job_progress import following, stepper, update_progress
from kanal.core.jobs import job
from kanal.features.importing.dry_run import dry_run_file
from kanal.features.importing.models import Import
from kanal.features.importing.runner import run_all


@job("importing.run", label=_("Import"))
def run_import(import_id: int, progress_id: int) -> None:
    """Import the remaining rows. After a crash, continues where it stopped."""
    with following(progress_id) as progress:
        run = Import.objects.select_related("user").get(pk=import_id)
        run_all(run, stepper(progress))
        refused = [[row.line, row.reason] for row in run.refusals.all()[:200]]
        report = f"/imports/{run.pk}/refused.csv" if refused else ""
        result = {**progress.result, "refused": refused, "refused_count": run.refusals.count(), "report": report}
        update_progress(progress, done=run.done, result=result)


@job("importing.try", label=_("Trial of an import"))
def try_import(import_id: int, progress_id: int) -> None:
    """Dry-run all rows of an import. Its page shows the result."""
    with following(progress_id) as progress:
        run = Import.objects.select_related("user").get(pk=import_id)
        if trial := dry_run_file(run, stepper(progress)):
            update_progress(progress, done=trial.counts.total())
