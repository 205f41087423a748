"""The result of an import, the file of rejected rows, and undo."""

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kanal.core import access, registry
from kanal.core.entity import Entity
from kanal.features.importing import setup, undoing
from kanal.features.importing.dry_run import grouped
from kanal.features.importing.models import Import
from kanal.kit.errors import NotFound
from kanal.kit.text import csv_safe
from kanal.web.importing.access import run_of


def report(request: HttpRequest, run: Import, entity: Entity, kept: list | None = None) -> HttpResponse:
    """Show the result of an import."""
    context = {
        "entity": entity,
        "run": run,
        "refused": grouped(run.refusals.values_list("line", "reason"))[:100],
        "refused_count": run.refusals.count(),
        "can_undo": bool(run.finished_at and not run.undone_at and run.batches.exists()),
        "kept": remaining_records(run, kept or []),
    }
    return render(request, "pages/import/report.html", context)


def remaining_records(run: Import, kept: list[tuple[str, int, str]]) -> list[dict[str, str]]:
    """Return the remaining records with their names and URLs."""
    records = []
    for key in dict.fromkeys(entry[0] for entry in kept):
        entity = registry.get(key)
        rows = [(pk, reason) for own, pk, reason in kept if own == key][:100]
        titles = access.display_names(run.user, entity, [pk for pk, _reason in rows])
        records += [{"name": titles.get(pk, f"#{pk}"), "url": entity.url(pk), "reason": why} for pk, why in rows]
    return records


def undo_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo an import, and report the remaining records."""
    run, entity = run_of(request, pk)
    if request.method != "POST":
        raise NotFound
    kept = undoing.undo(run)
    return report(request, run, entity, kept)


def refused_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the rejected rows as a file with the reason of each, to be corrected and imported again."""
    run, _entity = run_of(request, pk)
    heads = setup.import_table(run).heads
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([csv_safe(head) for head in [*heads, _("Line"), _("Reason")]])
    for row in run.refusals.iterator():
        writer.writerow([csv_safe(cell) for cell in [*row.cells, str(row.line), row.reason]])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{run.pk}.csv"'
    return response
