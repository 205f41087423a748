"""The pages of an import: upload, mapping with a trial, report (IMP-1)."""

import csv
import io
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.core.progress import begin
from kanal.features.importing import mapping, reading
from kanal.features.importing.jobs import run_import
from kanal.features.importing.models import Import
from kanal.features.importing.running import count_rows, run_all, try_out
from kanal.kit.errors import Invalid, NotAllowed, NotFound, Refused
from kanal.kit.text import csv_safe
from kanal.web.requests import go

AT_ONCE = 500


def permitted(request: HttpRequest, entity: Entity) -> None:
    """Raise unless the user may import records of the type."""
    if not entity.has("import"):
        raise NotFound
    if not access.may(request.user, entity, "import"):
        raise NotAllowed


def upload(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Take the file; what can't be read is refused at once."""
    permitted(request, entity)
    user: Any = request.user
    problem = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Invalid(_("Choose a file."))
            if (file.size or 0) > reading.LARGEST:
                raise Invalid(_("The file is too large: at most %(limit)s MB.") % {"limit": 50})
            content = file.read()
            table = reading.read(content, file.name or "")
            heads, _first = table.heads, list(islice(table.rows, 50))
            run = Import(entity=entity.key, user_id=user.pk, name=(file.name or "")[:200], content=content)
            run.mapping = mapping.guess(heads, mapping.targets(request.user, entity))
            run.match = next((key for key in ("id", "email", "number") if key in run.mapping.values()), "")
            run.save()  # pen: no record
            return go(request, f"/imports/{run.pk}/")
        except Invalid as refusal:
            problem = str(refusal)
    context = {"entity": entity, "problem": problem}
    return render(request, "pages/import.html", context, status=422 if problem else 200)


def run_of(request: HttpRequest, pk: int) -> tuple[Import, Entity]:
    """Give an import of the user's own; raise NotFound."""
    user: Any = request.user
    run = Import.objects.filter(pk=pk, user_id=user.pk).first()
    if run is None:
        raise NotFound
    entity = registry.get(run.entity)
    permitted(request, entity)
    return run, entity


def mapping_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which column is which field; try it, then run it."""
    run, entity = run_of(request, pk)
    if run.done or run.finished_at or run.progress_id:
        return report(request, run, entity)
    tried = None
    if request.method == "POST":
        take(request, run, entity)
        if request.POST.get("do") == "run":
            return start(request, run, entity)
        counts, refused = try_out(run)
        tried = {"counts": counts, "refused": refused[:20], "refused_count": len(refused)}
    table = reading.read(bytes(run.content), run.name)
    samples = [cells for _line, cells in (row for row, _n in zip(table.rows, range(3), strict=False))]
    offered = mapping.targets(request.user, entity)
    columns = [
        {"place": place, "head": head, "samples": [row[place] for row in samples], "key": run.mapping.get(head, "")}
        for place, head in enumerate(table.heads)
    ]
    context = {
        "entity": entity,
        "run": run,
        "columns": columns,
        "offered": offered.items(),
        "modes": Import.Mode.choices,
        "matches": [(key, label) for key, label in offered.items() if not key.endswith(mapping.CURRENCY)],
        "tried": tried,
    }
    return render(request, "pages/import/mapping.html", context)


def take(request: HttpRequest, run: Import, entity: Entity) -> None:
    """Put the chosen mapping on the import."""
    offered = mapping.targets(request.user, entity)
    heads = reading.read(bytes(run.content), run.name).heads
    chosen = {head: request.POST.get(f"column-{place}", "") for place, head in enumerate(heads)}
    run.mapping = {head: key for head, key in chosen.items() if key in offered}
    if len(set(run.mapping.values())) < len(run.mapping):
        raise Invalid(_("Two columns are mapped to the same field."))
    run.match = request.POST.get("match", "") if request.POST.get("match") in run.mapping.values() else ""
    mode = request.POST.get("mode", "")
    run.mode = mode if mode in Import.Mode.values else Import.Mode.UPDATE
    run.save()  # pen: no record


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


def report(request: HttpRequest, run: Import, entity: Entity) -> HttpResponse:
    """Show what came of an import."""
    context = {
        "entity": entity,
        "run": run,
        "refused": run.refusals.all()[:100],
        "refused_count": run.refusals.count(),
    }
    return render(request, "pages/import/report.html", context)


def refused_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the refused rows as a file with the reason of each, to be mended and imported again."""
    run, _entity = run_of(request, pk)
    heads = reading.read(bytes(run.content), run.name).heads
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([csv_safe(one) for one in [*heads, _("Line"), _("Reason")]])
    for row in run.refusals.iterator():
        writer.writerow([csv_safe(one) for one in [*row.cells, str(row.line), row.reason]])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{run.pk}.csv"'
    return response
