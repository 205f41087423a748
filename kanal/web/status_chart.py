"""The distribution of a type's records by status or another field: counts and sums, loaded after the page (DASH-7)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kanal.core import registry
from kanal.core.access import FieldContext, display_names, require
from kanal.core.aggregation import Aggregation, Dimension, Group, aggregate
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

MOST_SHARES = 8


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
    """Return the shares of a type's statuses, or of the values of `by`, for the records in its default list."""
    require(request.user, entity, "view")
    key = request.GET.get("by", "")
    field = breakdown_field(request.user, entity, key) if key else status_field(request.user, entity)
    if field is None:
        raise NotFound
    shares = (shares_by if key else shares_of)(request.user, entity, field, project)
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


def breakdown_field(user: Any, entity: Entity, key: str) -> Field | None:
    """Return a field by which a user can break down a type's records, or None."""
    field = FieldContext(user, entity).askable.get(key)
    return field if field is not None and field.type.category in ("choice", "relation") else None


def shares_by(user: Any, entity: Entity, field: Field, project: Any = None) -> list[Share]:
    """Count the records per value of a field in one query, the most frequent ones first."""
    usual = usual_filter(entity, user)
    ask = ListQuery(entity, user, node=parse(usual), project=project.pk if project else None)
    groups = aggregate(Aggregation(ask, (), (Dimension(field.key),))).groups
    largest = sorted(groups, key=lambda group: -group.count)[:MOST_SHARES]
    values = values_of(user, field, [group.keys[0] for group in largest])
    shares = []
    for group in largest:
        if group.keys[0] not in values:  # a record that was deleted meanwhile
            continue
        option, test = values[group.keys[0]]
        parts = filter(None, (usual, f"{field.key}:{test}"))
        url = f"{base_url(entity, project)}?{urlencode({'filter': ';'.join(parts)})}"
        shares.append(share_of(entity, option, group, largest[0].count, url))
    return shares


def values_of(user: Any, field: Field, keys: list[Any]) -> dict[Any, tuple[Option, str]]:
    """Return the option that describes each group key, and the filter's test for its records."""
    values: dict[Any, tuple[Option, str]] = dict.fromkeys((None, ""), (Option("", _("Not set")), "empty"))
    if field.type.category == "choice":
        options = {option.id if field.has_rows else option.key: option for option in field.options()}
        return {**values, **{key: (option, f"any({option.key})") for key, option in options.items()}}
    names = display_names(user, registry.get(field.target), [key for key in keys if key])
    return {**values, **{pk: (Option(str(pk), name), f"any({pk})") for pk, name in names.items()}}


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
