"""The job that makes a large file, and the removal of old ones."""

import datetime as dt
import tempfile
from typing import Any

from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kanal.core import access, registry
from kanal.core.job_progress import create_progress, following, stepper, update_progress
from kanal.core.jobs import job, periodic
from kanal.core.listing import Column, ListQuery, columns_of, count_of
from kanal.core.models import Progress
from kanal.core.query import from_json, to_json
from kanal.core.stored_files import discard
from kanal.features.exporting.files import require_possible, write_export
from kanal.features.exporting.formats import FORMATS, ExportFormat
from kanal.features.exporting.models import ExportFile
from kanal.features.exporting.rows import ExportRows
from kanal.kit.errors import Withdrawn

KEPT = dt.timedelta(days=1)


def begin_export(export_format: ExportFormat, ask: ListQuery, columns: list[Column], back: str) -> Progress:
    """Queue the export of a list, and return the progress that its user waits for. `back` is the list's URL."""
    require_possible(export_format, ask)
    title = f"{export_format.label}: {ask.entity.plural}"
    progress = create_progress(title, ask.user, count_of(ask).number, back=back)
    query = {"node": to_json(ask.node), "sort": ask.order, "text": ask.text, "project": ask.project}
    make_export.defer(
        progress_id=progress.pk,
        format_key=export_format.key,
        entity_key=ask.entity.key,
        query=query,
        columns=[column.key for column in columns],
    )
    return progress


@job("exporting.make", label=_("Export"))
def make_export(progress_id: int, format_key: str, entity_key: str, query: dict[str, Any], columns: list[str]) -> None:
    """Make a file in the permissions that its user has now. A retry after a crash makes it from the start."""
    with following(progress_id) as progress:
        entity, export_format = registry.get(entity_key), FORMATS[format_key]
        if not access.has_permission(progress.user, entity, "export"):
            raise Withdrawn(_("You are no longer permitted to export this."))
        ask = ListQuery(entity, progress.user, **{**query, "node": from_json(query["node"])})
        shown = columns_of(entity, columns, ask.reader, most=None)
        step = stepper(progress)
        with tempfile.TemporaryFile() as file:
            write_export(export_format, ExportRows(ask, shown, step), file)
            file.seek(0)
            made = ExportFile(
                user=progress.user,
                entity=entity.key,
                name=export_format.file_name(entity),
                content_type=export_format.content_type,
            )
            made.content.save("", File(file), save=False)
        made.save()  # direct write: a file for its user, not a record
        result = {**progress.result, "download": f"/exports/{made.pk}", "download_label": made.name}
        update_progress(progress, total=progress.done, result=result)


@periodic("exporting.remove_old", cron="41 * * * *", label=_("Removal of old exports"))
def remove_old_exports(timestamp: int) -> None:
    """Remove exported files a day after they were made."""
    old = ExportFile.objects.filter(created_at__lt=timezone.now() - KEPT)
    names = list(old.values_list("content", flat=True))
    old.delete()  # direct write: files for their users, not records
    discard(names)
