"""The URLs of a type's list pages."""

from functools import partial

from kanal.core.entity import Entity
from kanal.features.exporting.formats import formats_of
from kanal.web import bulk
from kanal.web.importing.upload import upload
from kanal.web.lists import cell, choosing, export, filtering, menu, page
from kanal.web.lists.views import Route, views_of


def routes(entity: Entity) -> list[Route]:
    """List (path below the type's, name, page). Each page takes (request, entity, project=None)."""
    patterns: list[Route] = [
        *(route for view in views_of(entity) for route in view.routes(entity)),
        ("data/filter", "list-filter", filtering.filter_dialog),
        ("data/columns", "list-columns", choosing.columns_dialog),
        ("data/totals", "list-totals", page.totals_page),
        ("data/bulk-edit", "bulk-edit", bulk.bulk_edit),
        ("data/bulk-delete", "bulk-delete", bulk.bulk_delete),
        ("data/<int:pk>/menu", "list-menu", menu.row_menu),
        ("data/<int:pk>/cell", "list-cell", cell.cell),
    ]
    if not entity.has_overview:
        patterns.append(("data/", "list-data", page.to_list))
    for export_format in formats_of(entity):
        key = export_format.key
        patterns.append((f"data/export.{key}", f"list-export-{key}", partial(export.export_page, key=key)))
    if entity.is_importable:
        patterns.append(("import", "import", upload))
    return patterns
