"""The map of a record type: where the records of a list are, and where one record is (LIST-8, ACCT-7)."""

from typing import Any
from urllib.parse import quote

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from kanal.core import access, listing
from kanal.core.aggregation import Aggregation, Dimension, Group, aggregate
from kanal.core.entity import Entity
from kanal.core.fields.field import is_hidden_on
from kanal.core.query import FilterContext, QueryError, Test, format_filter, join
from kanal.features.geocoding import settings as map_settings
from kanal.features.geocoding.positions import known_positions, request_positions
from kanal.kit.errors import NotAllowed, NotFound
from kanal.kit.numbers import format_number
from kanal.web.lists import filter_text
from kanal.web.lists import page as lists
from kanal.web.lists.state import State
from kanal.web.lists.views import ListView, base_url, register_view, switch

COUNTRY, CITY = "country", "city"
ADDRESS = ("street", "postcode", CITY, "region", COUNTRY)
MOST_PLACES = 1_000
GOOGLE = "https://www.google.com/maps/search/?api=1&query="
OPENSTREETMAP = "https://www.openstreetmap.org/search?query="


def has_address(entity: Entity) -> bool:
    """Return whether a type's records have an address."""
    return {"street", CITY, COUNTRY} <= {column.name for column in entity.model._meta.get_fields()}


def map_page(request: HttpRequest, entity: Entity, project: Any = None) -> HttpResponseBase:
    """Show the places of a type's records with the number of records at each: on a map, and as a list."""
    if not access.has_permission(request.user, entity, "view"):
        raise NotAllowed
    fields = FilterContext(request.user).columns(entity)
    if COUNTRY not in fields or CITY not in fields:
        raise NotFound
    state, base, shown, places = State.of(request, entity), MAP.base(entity, project), lists.Shown(), []
    left = 0
    try:
        shown.chips = filter_text.chips_of(state.node(), entity, FilterContext(request.user)) if state.filter else []
        places, left = places_of(state.ask(entity, request.user, project), state, base_url(entity, project))
    except QueryError as problem:
        shown.problem = str(problem)
    context = lists.context(request, entity, state, base, shown, project, view=MAP.key)
    context |= {
        "views": switch(entity, state, MAP.key, project),
        "countries": by_country(places),
        "left": _("%(number)s more places are not shown.") % {"number": count_text(left)} if left else "",
        **map_context(places),
    }
    return with_tiles(request, render(request, "pages/map.html", context))


def places_of(ask: listing.ListQuery, state: State, base: str) -> tuple[list[dict[str, Any]], int]:
    """Return the places with the most records by one statement, and the number of places left out."""
    dimensions = (Dimension(COUNTRY), Dimension(CITY))
    groups = aggregate(Aggregation(ask.but(group="", cursor=""), (), dimensions)).groups
    known = [group for group in groups if group.keys[0] or group.keys[1]]
    known.sort(key=lambda group: (-group.count, str(group.keys)))
    country = FilterContext(ask.user).columns(ask.entity)[COUNTRY]
    names = {option.key: str(option.label) for option in country.options()}
    places = [place_of(group, names, ask, state, base) for group in known[:MOST_PLACES]]
    return places, max(len(known) - MOST_PLACES, 0)


def place_of(group: Group, names: dict[str, str], ask: listing.ListQuery, state: State, base: str) -> dict[str, Any]:
    """Return a place for the template: its name, number of records, their list, and links to maps."""
    code, city = group.keys
    country = names.get(code, code or "")
    tests = [Test(COUNTRY, "any", (code,)) if code else Test(COUNTRY, "empty")]
    tests.append(Test(CITY, "is", (city,)) if city else Test(CITY, "empty"))
    address = ", ".join(filter(None, (city, country)))
    return {
        "city": city or "",
        "country": country,
        "address": address,
        "count": group.count,
        "number": count_text(group.count),
        "url": state.but(group="").url(base, filter=format_filter(join(ask.node, *tests)), saved=""),
        "google": GOOGLE + quote(address),
    }


def by_country(places: list[dict[str, Any]]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Return the places by country with its number of records, the countries with the most records first."""
    countries: dict[str, list[dict[str, Any]]] = {}
    for place in places:
        countries.setdefault(place["country"], []).append(place)
    counts = {name: sum(place["count"] for place in inside) for name, inside in countries.items()}
    return [
        (name or _("No country"), count_text(counts[name]), countries[name])
        for name in sorted(countries, key=lambda name: -counts[name])
    ]


def map_context(places: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the map needs if a tile server is configured: tiles and markers. Unknown positions are requested."""
    if not map_settings.tile_url() or not places:
        return {"tiles": ""}
    positions = known_positions(place["address"] for place in places)
    missing = [place["address"] for place in places if place["address"] not in positions]
    is_asked = bool(missing) and request_positions(missing)
    markers = [
        {"at": positions[place["address"]], "name": place["address"], "count": place["count"], "url": place["url"]}
        for place in places
        if positions.get(place["address"])
    ]
    return {
        "tiles": map_settings.tile_url(),
        "attribution": map_settings.attribution(),
        "markers": markers,
        "missing": len(missing),
        "is_asked": is_asked,
    }


def with_tiles(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    """Let this page, and no other, load pictures from the tile server."""
    origin = map_settings.tile_origin()
    return csp_update({"img-src": [origin]})(lambda _request: response)(request) if origin else response


def record_map(request: HttpRequest, entity: Entity, pk: int) -> HttpResponseBase:
    """Show where a record is: its address with links to maps, and a map if a tile server is configured."""
    record = access.get_for(request.user, entity, pk)
    values = address_values(request.user, entity, record)
    lines = [
        values.get("street") or "",
        " ".join(filter(None, (values.get("postcode"), values.get(CITY)))),
        ", ".join(filter(None, (values.get("region"), values.get(COUNTRY)))),
    ]
    address = ", ".join(filter(None, (line.replace("\n", ", ") for line in lines)))
    place = {"address": address, "count": 1, "url": entity.url(pk)}
    context = {
        "entity": entity,
        "record": record,
        "title": str(record),
        "back": entity.url(pk),
        "lines": [line for line in lines if line],
        "google": GOOGLE + quote(address),
        "openstreetmap": OPENSTREETMAP + quote(address),
        **map_context([place] if address else []),
    }
    return with_tiles(request, render(request, "pages/record_map.html", context))


def address_values(user: Any, entity: Entity, record: Any) -> dict[str, str]:
    """Return the parts of a record's address that a user may read, the country by its name."""
    fields = access.FieldContext.of_record(user, entity, record).readable
    shown = {key: fields[key] for key in ADDRESS if key in fields and not is_hidden_on(fields[key], record)}
    values = {key: field.get(record) or "" for key, field in shown.items()}
    if values.get(COUNTRY):
        names = {option.key: str(option.label) for option in shown[COUNTRY].options()}
        values[COUNTRY] = names.get(values[COUNTRY], values[COUNTRY])
    return values


def count_text(number: int) -> str:
    """Return a number in the reader's language."""
    return format_number(number, get_language() or "en")


MAP = register_view(
    ListView(
        "map", gettext_lazy("Map"), "map-pin", name="map", page=map_page,
        path=lambda entity: "map/", applies=has_address,
        ignores=("sort", "columns", "group", "limit"), order=50,
    )
)  # fmt: skip
