"""The page on which an import is set up, tried and started."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.core.fields import fields_of
from kanal.core.progress import begin
from kanal.features.importing import mapping, saving, setup
from kanal.features.importing.jobs import run_import
from kanal.features.importing.models import Import
from kanal.features.importing.running import Trial, check_ready, count_rows, run_all, try_out
from kanal.kit.errors import Invalid, Refused
from kanal.web.importing import showing, taking
from kanal.web.importing.access import run_of
from kanal.web.importing.report import report
from kanal.web.importing.written import titles_for, written
from kanal.web.requests import go

AT_ONCE = 500
SHOWN = 20


def setup_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how the file is understood; try it, then run it."""
    run, entity = run_of(request, pk)
    if run.done or run.finished_at or run.progress_id:
        return report(request, run, entity)
    problem, tried, saved = "", None, ""
    if request.method == "POST":
        try:
            answer = act(request, run, entity)
            if isinstance(answer, HttpResponse):
                return answer
            tried = answer
            saved = run.preset if request.POST.get("do") == "save" else ""
        except Invalid as refusal:
            problem = said(refusal, entity)
    context = {**showing.context_of(run), "entity": entity, "problem": problem, "tried": tried, "just_saved": saved}
    return render(request, "pages/import/setup.html", context, status=422 if problem else 200)


def act(request: HttpRequest, run: Import, entity: Entity) -> HttpResponse | dict[str, Any] | None:
    """Do what was asked for: read anew, take a saved mapping, save, try, run."""
    what = request.POST.get("do", "")
    if what == "use":
        use_saved(request, run, entity)
        return None
    before = run.layout
    taking.take(request, run)
    if what == "save":
        if not taking.save_mapping(request, run):
            raise Invalid(_("Give the mapping a name."))
    elif what in ("try", "run") and run.layout == before:
        check_ready(run)
        return start(request, run, entity) if what == "run" else shown(run, try_out(run))
    return None


def use_saved(request: HttpRequest, run: Import, entity: Entity) -> None:
    """Set the import up as a saved mapping says, or as the heads are usually meant."""
    chosen = request.POST.get("preset", "")
    found = next((one for one in saving.offered(run.user, run.entity) if str(one.pk) == chosen), None)
    offered = mapping.targets(run.user, entity)
    table = setup.table_of(run)
    if found is None:
        setup.guess(run, table, offered)
    else:
        saving.apply(run, found, offered)
    setup.look(run, table)
    run.save()  # pen: no record


def said(refusal: Invalid, entity: Entity) -> str:
    """Return what is wrong, with the labels of the fields."""
    fields = fields_of(entity)
    parts = []
    for key, messages in refusal.errors.items():
        label = f"{fields[key].label}: " if key in fields else ""
        parts.append(label + " ".join(str(message) for message in messages))
    return " ".join(parts)


def shown(run: Import, trial: Trial) -> dict[str, Any]:
    """Return what the page shows of a trial: counts, refused rows, and changes with values before and after."""
    fields = access.writable_fields(run.user, registry.get(run.entity))
    changed = [row for row in trial.rows if row.outcome == "updated" and row.changes][:SHOWN]
    made = [row for row in trial.rows if row.outcome == "created"][:SHOWN]
    values = [(key, value) for row in changed for key, pair in row.changes.items() for value in pair]
    titles = titles_for(run.user, fields, values + [one for row in made for one in row.values.items()])
    refused = trial.refused
    return {
        "counts": trial.counts,
        "total": len(trial.rows),
        "kind": "warning" if refused else "success",
        "refused": [(row.line, row.reason) for row in refused[:SHOWN]],
        "refused_count": len(refused),
        "changed": [
            {"line": row.line, "pk": row.pk, "differences": [
                (fields[key].label, written(fields[key], old, titles), written(fields[key], new, titles))
                for key, (old, new) in row.changes.items()]}
            for row in changed
        ],
        "made": [
            {"line": row.line, "values": [
                (fields[key].label, written(fields[key], value, titles)) for key, value in row.values.items()
                if key in fields and value not in (None, "", [])]}
            for row in made[:5]
        ],
    }  # fmt: skip


def start(request: HttpRequest, run: Import, entity: Entity) -> HttpResponse:
    """Run the import at once, or by a job where it is large."""
    if run.progress_id or run.done:
        raise Refused(_("This import has been started already."))
    total = count_rows(run)
    if total <= AT_ONCE:
        run_all(run)
        return go(request, f"/imports/{run.pk}/")
    title = _("Import of %(name)s") % {"name": run.name}
    run.progress = begin(title, request.user, total, back=entity.list_url)
    run.save(update_fields=["progress"])  # pen: no record
    run_import.defer(import_id=run.pk, progress_id=run.progress_id)
    return go(request, f"/progress/{run.progress_id}")
