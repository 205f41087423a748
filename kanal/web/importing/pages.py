"""The page to set up, try and start an import."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.job_progress import create_progress
from kanal.features.importing import mapping, saving, setup
from kanal.features.importing.dry_run import dry_run_file, forget
from kanal.features.importing.jobs import run_import, try_import
from kanal.features.importing.models import Import
from kanal.features.importing.runner import check_ready, count_rows, run_all
from kanal.kit.errors import Invalid, Refused
from kanal.web.http import go
from kanal.web.importing import showing, taking
from kanal.web.importing.access import run_of
from kanal.web.importing.report import report
from kanal.web.importing.trial import trial_of

AT_ONCE = 500


def setup_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how the file is interpreted. Try it, then run it."""
    run, entity = run_of(request, pk)
    if run.done or run.finished_at or run.progress_id:
        return report(request, run, entity)
    problem, saved = "", ""
    if request.method == "POST":
        try:
            answer = act(request, run, entity)
            if isinstance(answer, HttpResponse):
                return answer
            saved = run.preset if request.POST.get("do") == "save" else ""
        except Invalid as refusal:
            problem = said(refusal, entity)
    tried = trial_of(run) if run.trial and not problem else None
    context = {**showing.context_of(run), "tried": tried, "entity": entity, "problem": problem, "just_saved": saved}
    return render(request, "pages/import/setup.html", context, status=422 if problem else 200)


def act(request: HttpRequest, run: Import, entity: Entity) -> HttpResponse | None:
    """Run the requested step: read again, apply a saved mapping, save, try, run."""
    what = request.POST.get("do", "")
    if what == "use":
        use_saved(request, run, entity)
        return None
    before = run.layout
    forget(run)
    taking.apply_form(request, run)
    if what == "save":
        if not taking.save_mapping(request, run):
            raise Invalid(_("Give the mapping a name."))
    elif what in ("try", "run") and run.layout == before:
        check_ready(run)
        return start_import(request, run, entity) if what == "run" else start_trial(request, run)
    return None


def use_saved(request: HttpRequest, run: Import, entity: Entity) -> None:
    """Set up the import by a saved mapping, or by the usual meaning of the headers."""
    forget(run)
    chosen = request.POST.get("preset", "")
    preset = next(
        (candidate for candidate in saving.visible_mappings(run.user, run.entity) if str(candidate.pk) == chosen), None
    )
    offered = mapping.targets(run.user, entity)
    table = setup.import_table(run)
    if preset is None:
        setup.guess(run, table, offered)
    else:
        saving.apply(run, preset, offered)
    setup.look(run, table)
    run.save()  # direct write: not a record


def said(refusal: Invalid, entity: Entity) -> str:
    """Return the errors as text, with the labels of the fields."""
    fields = fields_of(entity)
    parts = []
    for key, messages in refusal.errors.items():
        label = f"{fields[key].label}: " if key in fields else ""
        parts.append(label + " ".join(str(message) for message in messages))
    return " ".join(parts)


def start_trial(request: HttpRequest, run: Import) -> HttpResponse | None:
    """Try all rows at once, or by a job if there are many."""
    total = run.survey.get("rows") or count_rows(run)
    if total <= AT_ONCE:
        dry_run_file(run)
        return None
    place = f"/imports/{run.pk}/"
    title = _("Trial of %(name)s") % {"name": run.name}
    progress = create_progress(title, request.user, total, back=place, back_label=_("Back to the import"), then=place)
    try_import.defer(import_id=run.pk, progress_id=progress.pk)
    return go(request, f"/progress/{progress.pk}")


def start_import(request: HttpRequest, run: Import, entity: Entity) -> HttpResponse:
    """Run the import at once, or by a job if it's large."""
    if run.progress_id or run.done:
        raise Refused(_("This import has already been started."))
    total, place = count_rows(run), f"/imports/{run.pk}/"
    if total <= AT_ONCE:
        run_all(run)
        return go(request, place)
    title = _("Import of %(name)s") % {"name": run.name}
    run.progress = create_progress(
        title, request.user, total, back=place, back_label=_("Report of the import"), then=place
    )
    run.save(update_fields=["progress"])  # direct write: not a record
    run_import.defer(import_id=run.pk, progress_id=run.progress_id)
    return go(request, f"/progress/{run.progress_id}")
