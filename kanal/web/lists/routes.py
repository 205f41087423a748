"""The addresses of a type's pages of many records."""

from collections.abc import Callable

from django.http import HttpResponseBase

from kanal.core.entity import Entity
from kanal.features.exporting.cards import are_people
from kanal.web import board, bulk
from kanal.web.importing.upload import upload
from kanal.web.lists import cell, choosing, export, filtering, menu, page

Route = tuple[str, str, Callable[..., HttpResponseBase]]


def routes(entity: Entity) -> list[Route]:
    """List (address below the type's, name, page); each page takes (request, entity, project=None)."""
    patterns: list[Route] = [
        ("data/" if entity.has_overview else "", "list", page.list_page),
        ("data/filter", "list-filter", filtering.filter_dialog),
        ("data/columns", "list-columns", choosing.columns_dialog),
        ("data/totals", "list-totals", page.totals_page),
        ("data/export.csv", "list-export", export.export_csv),
        ("data/bulk-edit", "bulk-edit", bulk.edit),
        ("data/bulk-delete", "bulk-delete", bulk.delete),
        ("data/<int:pk>/menu", "list-menu", menu.row_menu),
        ("data/<int:pk>/cell", "list-cell", cell.cell),
    ]
    if not entity.has_overview:
        patterns.append(("data/", "list-data", page.to_list))
    if are_people(entity):
        patterns.append(("data/export.vcf", "list-cards", export.export_cards))
    if entity.is_importable:
        patterns.append(("import", "import", upload))
    if entity.has_board:
        patterns += [
            ("kanban/", "board", board.board_page),
            ("kanban/cards", "board-cards", board.cards_page),
            ("kanban/heads", "board-heads", board.heads_page),
            ("kanban/move", "board-move", board.move),
        ]
    return patterns
