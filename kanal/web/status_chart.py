"""The distribution of a type's records by status: counts and sums, loaded after the page (DASH-7)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language

from kanal.core.access import FieldContext, require
from kanal.core.aggregation import Group
from kanal.core.currencies import main
from kanal.core.entity import Entity
from kanal.core.fields import Field, Option
from kanal.core.listing import ListQuery
from kanal.core.listing.query import usual_filter
from kanal.core.query import parse
from kanal.kit.errors import NotFound
from kanal.kit.numbers import format_number, money_total
from kanal.web.boardcolumns import totals_of, weighted_sums
from kanal.web.lists.views import base_url


@dataclass(frozen=True)
class Share:
    """The records of a status: their number, value in the main currency, and share relative to the largest status."""

    label: str
    colour: str
    count: str
    value: str
    percent: int
    url: str


def has_breakdown(user: Any, entity: Entity) -> bool:
    """Return whether a type's records have a status visible to the user."""
    return status_field(user, entity) is not None


def status_field(user: Any, entity: Entity) -> Field | None:
    """Return the status field."""
    field = FieldContext(user, entity).askable.get(entity.listing.status)
    return field if field is not None and field.type.category == "choice" else None


def breakdown(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponse:
    """Return the shares of a type's statuses for the records in its default list."""
    require(request.user, entity, "view")
    field = status_field(request.user, entity)
    if field is None:
        raise NotFound
    shares = shares_of(request.user, entity, field, project)
    return render(request, "pages/overview/breakdown.html", {"shares": shares, "entity": entity})


def shares_of(user: Any, entity: Entity, field: Field, project: Any = None) -> list[Share]:
    """Count and sum up the records per status in one query."""
    options = [option for option in field.options() if option.active]
    usual = usual_filter(entity, user)
    ask = ListQuery(entity, user, node=parse(usual), project=project.pk if project else None)
    groups = totals_of(ask, field, options)
    largest = max((group.count for group in groups.values()), default=0)
    return [
        share_of(
            entity, option, groups.get(option.key, Group()), largest, list_url(entity, usual, field, option, project)
        )
        for option in options
    ]


def list_url(entity: Entity, usual: str, field: Field, option: Option, project: Any) -> str:
    """Return the URL of a status's list, narrowed by the list's default filter."""
    parts = filter(None, (usual, f"{field.key}:any({option.key})"))
    return f"{base_url(entity, project)}?{urlencode({'filter': ';'.join(parts)})}"


def share_of(entity: Entity, option: Option, group: Group, largest: int, url: str) -> Share:
    """Return the share of a status."""
    percent = round(100 * group.count / largest) if largest else 0
    return Share(
        str(option.label),
        option.colour or "gray",
        format_number(group.count, get_language() or "en"),
        format_group_value(entity, group),
        percent,
        url,
    )


def format_group_value(entity: Entity, group: Group) -> str:
    """Format the sum of the type's first money column in the main currency."""
    weighted = weighted_sums(entity)
    total = next((total for measure, total in group.values.items() if measure not in weighted), None)
    if total is None or total.converted is None:
        return ""
    return money_total(total.converted, main(), get_language() or "en")
