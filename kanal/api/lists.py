"""The list of a resource: reads pages as the web's lists do, and returns them as JSON (docs/api.md)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kanal.api import serializers
from kanal.api.authentication import actor
from kanal.api.resources import json_response
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.m2m import read_links
from kanal.core.listing import Column, CursorError, ListQuery, count_of, read_rows
from kanal.core.listing.query import filter_of_archived
from kanal.core.query import parse
from kanal.kit.errors import Invalid
from kanal.kit.reading.ids import id_of

MOST = 500


def get_page(request: HttpRequest, entity: Entity) -> HttpResponse:
    """Return one page of the records visible to the caller."""
    by = actor(request, entity.key)
    given = request.GET
    fields = serializers.chosen_fields(by.user, entity, given.get("fields", ""))
    included = given.get("include", "")
    read = serializers.included_fields(by.user, entity, fields, included)
    ask = ListQuery(
        entity,
        by.user,
        node=parse(given["filter"] if "filter" in given else filter_of_archived(entity, by.user)),
        sort=given.get("sort", ""),
        text=given.get("q", ""),
        cursor=given.get("cursor", ""),
        limit=limit_of(given.get("limit", "")),
        names=False,
    )
    try:
        page, rows = read_rows(ask, [Column(key, field) for key, field in read.items() if key != "id"])
    except CursorError as wrong:
        raise Invalid.on("cursor", str(wrong)) from None
    read_links(list(read.values()), rows)
    items = items_of(rows, read)
    serializers.include(by.user, entity, items, included)
    serializers.drop_unasked(items, fields, read)
    count = count_of(ask)
    return json_response(
        {"items": items, "next": page.next or None, "count": count.number, "count_is_estimate": count.is_estimate}
    )


def limit_of(text: str, usual: int = 50, most: int = MOST) -> int:
    """Return the page size."""
    if not text:
        return usual
    limit = id_of(text) or 0
    if not 0 < limit <= most:
        raise Invalid.on("limit", _("Enter a number from 1 to %(limit)s.") % {"limit": most})
    return limit


def items_of(rows: list[dict], fields: dict[str, Field]) -> list[dict[str, Any]]:
    """Return rows as JSON. The serialization of each field is determined once for all rows."""
    native = [(field.name, field.in_json()) for key, field in fields.items() if not field.is_custom and key != "id"]
    custom = [(field.name, field.in_json()) for field in fields.values() if field.is_custom]
    return [
        {
            "id": row["id"],
            **{name: give(row) for name, give in native},
            "custom": {name: give(row) for name, give in custom},
            "revision": row["revision"],
        }
        for row in rows
    ]
