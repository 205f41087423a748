"""Read-only resources that aren't record types: categories, currencies, roles and the like, and `me`."""

from collections.abc import Callable
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Model, QuerySet
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kanal.api.authentication import actor
from kanal.api.lists import limit_of
from kanal.api.openapi.components import ID, NUMBER, TEXT, YES, or_null, some
from kanal.api.resources import json_response
from kanal.core import access, registry, savedfilters
from kanal.core.entity import Entity
from kanal.core.fields import Field
from kanal.core.fields.field import Option
from kanal.core.models import Category, Currency, CustomField, ExchangeRate, Role, SavedFilter
from kanal.kit.errors import Invalid

Rows = Callable[[Any], QuerySet | list]
MOST = 2000


def offered_filters(user: Any) -> list[SavedFilter]:
    """Return the saved filters offered to a user, of visible types and with visible columns."""
    filters = savedfilters.visible_filters(
        user, *(entity for entity in registry.all_entities() if access.has_permission(user, entity, "view"))
    )
    for saved in filters:
        saved.columns = savedfilters.readable_columns(saved, registry.get(saved.entity), user)
    return filters


def shown_fields(user: Any) -> QuerySet:
    """Return the custom fields visible to a user on records (ACC-6)."""
    rows = CustomField.objects.filter(is_active=True)
    readable = {entity.key: access.FieldContext(user, entity).readable for entity in registry.all_entities()}
    hidden = [row.pk for row in rows if row.entity in readable and f"custom.{row.key}" not in readable[row.entity]]
    return rows.exclude(pk__in=hidden)


def roles_for(user: Any) -> QuerySet:
    """Return the roles, which are hidden from external users."""
    return Role.objects.none() if access.permissions_of(user).is_external else Role.objects.all()


# Resource → (its model, its rows for a user, the returned fields).
TABLES: dict[str, tuple[type[Model], Rows, tuple[str, ...]]] = {
    "categories": (
        Category,
        lambda user: Category.objects.all(),
        ("group", "key", "name", "colour", "position", "is_default", "is_active", "translations"),
    ),
    "currencies": (Currency, lambda user: Currency.objects.all(), ("code", "in_use", "is_main")),
    "exchange-rates": (
        ExchangeRate,
        lambda user: ExchangeRate.objects.select_related("currency"),
        ("currency", "day", "rate"),
    ),
    "custom-fields": (
        CustomField,
        shown_fields,
        ("entity", "key", "name", "kind", "help", "section", "required", "choices", "filterable", "position"),
    ),
    "roles": (Role, roles_for, ("key", "name", "description", "permissions")),
    "saved-filters": (
        SavedFilter,
        offered_filters,
        ("name", "entity", "tree", "columns", "sort", "group", "view", "audience", "colour"),
    ),
}


SHAPES: tuple[tuple[type, dict[str, Any]], ...] = (
    (models.BooleanField, YES),
    (models.IntegerField, NUMBER),
    (models.DecimalField, TEXT),
    (models.DateField, {"type": "string", "format": "date"}),
    (ArrayField, {"type": "array"}),
    (models.JSONField, {}),
    (models.CharField, TEXT),
    (models.ForeignKey, TEXT),
    (models.TextField, TEXT),
)


def serialize_row(row: Model, fields: tuple[str, ...]) -> dict[str, Any]:
    """Return one row as JSON: exact numbers as text, a currency by its code."""
    data = model_to_dict(row, fields=fields)
    exact = {key: str(value) for key, value in data.items() if isinstance(value, Decimal)}
    codes = {name: value.code for name in fields if isinstance(value := getattr(row, name), Currency)}
    return {"id": row.pk, **data, **exact, **codes}


def schema_of(name: str) -> dict[str, Any]:
    """Return the schema of a row of one of these tables."""
    model, _rows, fields = TABLES[name]
    shapes = {field: shape_of(model._meta.get_field(field)) for field in fields}
    return {"type": "object", "required": ["id"], "properties": {"id": ID, **shapes}}


def shape_of(column: Any) -> dict[str, Any]:
    """Return the schema of one column."""
    shape = next((shape for kind, shape in SHAPES if isinstance(column, kind)), {})
    return or_null(shape) if column.null else shape


def get_table(request: HttpRequest, name: str) -> HttpResponse:
    """Return the rows of one of these tables. Long ones are paginated, each page starting after the last id before."""
    by = actor(request, name)
    _model, rows, fields = TABLES[name]
    records, limit = rows(by.user), limit_of(request.GET.get("limit", ""), MOST, MOST)
    count, cursor = len(records) if isinstance(records, list) else records.count(), request.GET.get("cursor", "")
    if count > limit or cursor:
        records = behind(records, parse_cursor(cursor))
    page = list(records[: limit + 1])
    following = str(page[limit - 1].pk) if len(page) > limit else None
    items = [serialize_row(row, fields) for row in page[:limit]]
    return json_response({"items": items, "next": following, "count": count, "count_is_estimate": False})


def behind(rows: QuerySet | list, pk: int) -> QuerySet | list:
    """Return the rows with ids greater than the given one, by id."""
    if isinstance(rows, list):
        return sorted((row for row in rows if row.pk > pk), key=attrgetter("pk"))
    return rows.order_by("pk").filter(pk__gt=pk)


def parse_cursor(cursor: str) -> int:
    """Parse the cursor of a table: the id of the previous page's last row."""
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise Invalid.on("cursor", _("This cursor is invalid."))
    return int(cursor)


def get_statuses(request: HttpRequest) -> HttpResponse:
    """Return the statuses of all types visible to the caller, by the keys used in records, filters and actions."""
    by = actor(request, "statuses")
    statuses = []
    for entity in registry.all_entities():
        field = access.FieldContext(by.user, entity).readable.get(entity.listing.status)
        if field is not None and access.has_permission(by.user, entity, "view"):
            statuses += [serialize_status(entity, field, place, option) for place, option in enumerate(field.options())]
    return json_response({"items": statuses, "next": None, "count": len(statuses), "count_is_estimate": False})


STATUS = some(
    entity=TEXT, field=TEXT, key=TEXT, name=TEXT, colour=TEXT, position=NUMBER, is_active=YES, id=or_null(ID),
)  # fmt: skip


def serialize_status(entity: Entity, field: Field, place: int, option: Option) -> dict[str, Any]:
    """Return one status as JSON. Those without a table have no id."""
    return {
        "entity": entity.key,
        "field": field.key,
        "key": option.key,
        "name": str(option.label),
        "colour": option.colour,
        "position": place,
        "is_active": option.active,
        "id": option.id,
    }


def get_me(request: HttpRequest) -> HttpResponse:
    """Return the user of the token with their permissions."""
    user = actor(request, "me").user
    grants = access.permissions_of(user)
    rights = {key: sorted({action for rule in rules for action in rule.actions}) for key, rules in grants.rules.items()}
    return json_response(
        {
            "id": user.pk,
            "username": user.username,
            "name": user.name,
            "email": user.email,
            "user_type": user.user_type,
            "language": user.language,
            "time_zone": user.time_zone,
            "partner": user.partner_id,
            "is_administrator": grants.is_admin,
            "permissions": rights,
        }
    )
