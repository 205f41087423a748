"""The list of a resource: the same reading of pages as the web's lists, given out as JSON (docs/api.md)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kanal.api import records
from kanal.api.resources import answer
from kanal.api.signing import actor
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.listing import Ask, Column, CursorError, Row, count_of, read
from kanal.core.query import parse
from kanal.kit.errors import Invalid

MOST = 500


def get_page(request: HttpRequest, entity: Entity) -> HttpResponse:
    """Give one page of the records that the caller may see."""
    by = actor(request, entity.key)
    given = request.GET
    fields = records.chosen_fields(by.user, entity, given.get("fields", ""))
    ask = Ask(
        entity,
        by.user,
        node=parse(given.get("filter", "")),
        sort=given.get("sort", ""),
        text=given.get("q", ""),
        cursor=given.get("cursor", ""),
        limit=limit_of(given.get("limit", "")),
        names=False,
    )
    try:
        page = read(ask, [Column(key, field) for key, field in fields.items() if key != "id"])
    except CursorError as wrong:
        raise Invalid.on("cursor", str(wrong)) from None
    items = [item_of(row, fields) for row in page.rows]
    records.include(by.user, entity, items, given.get("include", ""))
    count = count_of(ask)
    return answer(
        {"items": items, "next": page.next or None, "count": count.number, "count_is_estimate": count.is_estimate}
    )


def limit_of(text: str) -> int:
    """Read how many records are wanted: 50 unless said, at most 500."""
    if not text:
        return 50
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= MOST):
        raise Invalid.on("limit", _("Enter a number from 1 to %(limit)s.") % {"limit": MOST})
    return int(text)


def item_of(row: Row, fields: dict[str, Field]) -> dict:
    """Give one row as JSON."""
    pairs = ((field, row.values[key]) for key, field in fields.items() if key != "id")
    return {"id": row.id, **records.nest(pairs), "revision": row.revision}
