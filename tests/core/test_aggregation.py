"""An aggregation is what Python computes from the rows that the reader's list shows (LIST-1, ACC-5, ACC-6, DASH-4)."""

import datetime as dt
import json
import random
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kanal.core import registry, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import SYSTEM
from kanal.core.aggregation import (
    Aggregation,
    AggregationResult,
    Dimension,
    Measure,
    Measurement,
    aggregate,
    group_key,
)
from kanal.core.cache import invalidate
from kanal.core.context import today
from kanal.core.listing import ListQuery, count_of, stream
from kanal.core.listing.columns import column_of
from kanal.core.models import Assignment, Category, Currency, CustomField, FieldRule, FieldVisibility
from kanal.core.query import QueryError, parse
from kanal.kit import dates
from kanal.kit.money import Money
from tests.core.aggregated import MONEY, computed, random_values

CUSTOM = {"cargo": "money", "load": "decimal", "inspected": "date", "seen": "datetime", "discount": "percent"}
ZONES = ("UTC", "Pacific/Auckland", "America/St_Johns", "Asia/Kolkata")
BUCKETS = ("day", "week", "month", "quarter", "year")
NUMBERS = ("masts", "length", "share", "custom.load", "custom.discount")
SUMMED = ("masts", "length", "custom.load", *MONEY)
MEASURES = st.one_of(
    st.just(Measure()),
    st.builds(Measure, st.just("sum"), st.sampled_from(SUMMED)),
    st.builds(Measure, st.sampled_from(["average", "minimum", "maximum"]), st.sampled_from(NUMBERS + MONEY)),
    st.builds(Measure, st.just("distinct"), st.sampled_from(["rig", "trade", "harbour", "sails_at", "masts", "log"])),
    st.builds(Measure, st.just("ratio"), st.sampled_from(SUMMED), st.sampled_from(SUMMED)),
    st.builds(Measure, st.just("weighted"), st.sampled_from(SUMMED), st.sampled_from(NUMBERS)),
)
FIELDS = ("rig", "trade", "harbour", "harbour.country", "afloat", "masts", "price", "assignee", "launched", "sails_at")
DATES = ("launched", "sails_at", "custom.inspected", "custom.seen")
DIMENSIONS = st.one_of(
    st.builds(Dimension, st.sampled_from(FIELDS)),
    st.builds(Dimension, st.sampled_from(DATES), st.sampled_from(("", *BUCKETS))),
)
FILTERS = ("", "rig:any(sloop)", "rig:empty", "price:gt(300)", "assignee:any(me)", "harbour.country:is(NO);masts:set")
READERS = ("admin", "all", "own", "team", "project", "sailor")
PERIODS = ("", "2026-03-01..2026-03-31", "2025-12-31..2026-10-24", "this_month", "last_2_quarters", "yesterday")


@pytest.fixture
def fleet(make_user, make_ship, make_project):
    """Make sixty ships of several owners, currencies and days around changes of the clock; return their readers."""
    chance = random.Random(21)
    for key, kind in CUSTOM.items():
        CustomField.objects.create(entity="ships", key=key, name=key, kind=kind)
    Currency.objects.create(code="ISK", in_use=True)
    Category.objects.create(group="trade", key="coal", name="Coal")
    invalidate()
    projects = [make_project(), make_project()]
    view = ["view"]
    readers = {
        "admin": make_user(user_type="administrator"),
        "all": make_user(rules={"ships": ("all", view), "harbours": ("all", view), "users": ("all", view)}),
        "own": make_user(rules={"ships": ("own", view)}),
        "project": make_user(rules={"ships": ("all", view)}, project=projects[0]),
        "sailor": make_user(),
    }
    readers["team"] = make_user(rules={"ships": ("team", view), "harbours": ("all", view)})
    writes.change(readers["own"], {"supervisor": readers["team"].pk}, by=SYSTEM)
    rebuild_grants()
    invalidate()
    harbours = [
        writes.create(registry.get("harbours"), {"name": name, "country": country}, by=SYSTEM).pk
        for name, country in (("Bergen", "NO"), ("Bremen", "DE"), ("Oslo", "NO"), ("Nowhere", ""))
    ]
    for _number in range(60):
        make_ship(
            project=chance.choice([None, *(project.pk for project in projects)]),
            assignee=chance.choice([None, *(user.pk for user in readers.values())]),
            **random_values(chance, harbours),
        )
    yield readers, projects
    invalidate()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(MEASURES, max_size=4),
    st.lists(DIMENSIONS, max_size=2),
    st.sampled_from(FILTERS),
    st.sampled_from(PERIODS),
    st.sampled_from(READERS),
    st.sampled_from(ZONES),
    st.booleans(),
)
def test_it_is_what_the_rows_of_the_list_come_to(fleet, measures, dimensions, text, period, name, zone, in_project):
    """LIST-1, ACC-5, HIST-1a: for every reader, zone, filter, period and project; kept as JSON it stays the same."""
    readers, projects = fleet
    with timezone.override(ZoneInfo(zone)):
        query = ListQuery(
            registry.get("ships"), readers[name], parse(text), period=period,
            project=projects[0].pk if in_project else None,
        )  # fmt: skip
        aggregation = Aggregation(query, tuple(measures), tuple(dimensions))
        result = aggregate(aggregation)
        assert {group.keys: group for group in result.groups} == computed(aggregation)
    assert len(result.groups) == len({group.keys for group in result.groups})
    assert AggregationResult.from_json(json.loads(json.dumps(result.to_json()))) == result


@pytest.mark.parametrize("name", READERS)
def test_every_reader_has_the_groups_of_their_list(fleet, name):
    """ACC-5: by a record that they may not see, or what lies behind it, there is no group, nor a different value."""
    query = ListQuery(registry.get("ships"), fleet[0][name])
    for field in FIELDS:
        aggregation = Aggregation(
            query, (Measure("distinct", "harbour"), Measure("distinct", field)), (Dimension(field),)
        )
        assert {group.keys: group for group in aggregate(aggregation).groups} == computed(aggregation), field


def test_amounts_of_two_currencies_are_two_groups(make_user, make_ship):
    """LIST-1: ten euros and ten kroner aren't the same, and the rows of a page find their groups."""
    for amount, currency in (("10", "EUR"), ("10.50", "NOK"), ("10.5", "NOK"), (None, None)):
        make_ship(price=amount and {"amount": amount, "currency": currency})
    query = ListQuery(registry.get("ships"), make_user(user_type="administrator"))
    groups = aggregate(Aggregation(query, (Measure("distinct", "price"),), (Dimension("price"),))).by_key()
    assert {key: group.count for key, group in groups.items()} == {"10 EUR": 1, "10.5 NOK": 2, None: 1}
    column = column_of(query.entity, "price", query.reader)
    assert group_key(column, Money(Decimal("10.50"), "NOK")) == "10.5 NOK"


def test_several_measures_take_one_statement(fleet):
    """PERF-1: only different values beside money, which can't be added up over currencies, take a second one."""
    query = ListQuery(registry.get("ships"), fleet[0]["team"], parse("rig:any(sloop)"))
    sums = (
        Measure(),
        Measure("sum", "price"),
        Measure("average", "custom.cargo"),
        Measure("weighted", "price", "share"),
    )
    by_month = (Dimension("sails_at", "month"), Dimension("harbour.country"))
    for measures, number in ((sums, 1), ((Measure("distinct", "rig"), Measure("sum", "masts")), 1),
                             ((*sums, Measure("distinct", "rig"), Measure("distinct", "harbour")), 2)):  # fmt: skip
        for dimensions in ((), by_month):
            aggregate(Aggregation(query, measures, dimensions))
            with CaptureQueriesContext(connection) as caught:
                aggregate(Aggregation(query, measures, dimensions))
            assert len(caught) == number, [query["sql"] for query in caught]


def test_groups_are_limited_to_those_asked_for(fleet):
    """LIST-1: the groups on a page, those without a value among them."""
    query = ListQuery(registry.get("ships"), fleet[0]["admin"])
    whole = aggregate(Aggregation(query, (Measure("sum", "price"),), (Dimension("rig"),))).by_key()
    part = aggregate(Aggregation(query, (Measure("sum", "price"),), (Dimension("rig", only=(None, "sloop")),))).by_key()
    assert part == {key: whole[key] for key in (None, "sloop")}
    march = dt.date(2026, 3, 1)
    months = Dimension("sails_at", "month", only=(march, None))
    groups = aggregate(Aggregation(query, (), (months, Dimension("afloat")))).by_key()
    assert {month for month, _afloat in groups} == {march, None}


def hide(field: str, readers: dict, *, status: str | None) -> None:
    """Hide a field from everybody but administrators; with a status on its records alone."""
    if status is None:
        FieldVisibility.objects.create(entity="ships", field=field, user_types=["administrator"])
    else:
        role = Assignment.objects.get(user=readers["all"]).role
        FieldRule.objects.create(entity="ships", field=field, role=role, status=status, mode=FieldRule.Mode.HIDDEN)
    invalidate()


@pytest.mark.parametrize("status", [None, "sloop"])
def test_a_hidden_field_is_neither_measured_nor_grouped_nor_counted_by(fleet, status):
    """ACC-6, FORM-2: its measures are absent; a dimension, a filter and a period that would tell it are refused."""
    readers = fleet[0]
    for field in ("price", "masts", "sails_at"):
        hide(field, readers, status=status)
    query = ListQuery(registry.get("ships"), readers["all"])
    hidden = [Measure(function, "price") for function in ("sum", "average", "minimum", "maximum", "distinct")]
    hidden += [Measure("ratio", "length", "price"), Measure("weighted", "length", "masts"), Measure("sum", "nothing")]
    result = aggregate(Aggregation(query, (*hidden, Measure("sum", "length"))))
    assert result.measures == (Measure("sum", "length"),) == tuple(result.whole.values)
    for refused in (
        Aggregation(query, (), (Dimension("masts"),)),
        Aggregation(query, (), (Dimension("rig"), Dimension("sails_at", "month"))),
        Aggregation(query.but(period="2026-03-01..2026-03-31")),
        Aggregation(query.but(node=parse("price:gt(1)"))),
    ):
        with pytest.raises(QueryError):
            aggregate(refused)
        assert aggregate(Aggregation(refused.query.but(user=readers["admin"]), (), refused.dimensions)).groups


@pytest.mark.parametrize(
    ("function", "field", "by"),
    [
        ("sum", "share", ""), ("sum", "name", ""), ("average", "rig", ""), ("minimum", "id", ""),
        ("sum", "harbour.depth", ""), ("distinct", "crew", ""), ("weighted", "masts", "price"),
        ("ratio", "share", "masts"),
    ],
)  # fmt: skip
def test_what_has_no_such_measure_is_refused(fleet, function, field, by):
    """Percentages have no sum, texts no average; a related record's number would count once per record."""
    with pytest.raises(QueryError):
        aggregate(Aggregation(ListQuery(registry.get("ships"), fleet[0]["admin"]), (Measure(function, field, by),)))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Measure("sum"), lambda: Measure("count", "price"), lambda: Measure("median", "price"),
        lambda: Measure("ratio", "price"), lambda: Measure("sum", "price", "masts"), lambda: Dimension("rig", "decade"),
        lambda: Aggregation(ListQuery(registry.get("ships")), (), (Dimension("rig"),) * 3),
    ],
)  # fmt: skip
def test_what_makes_no_sense_can_not_be_asked_for(make):
    with pytest.raises(QueryError):
        make()


def test_only_dates_have_periods(fleet):
    """DASH-4: and neither links to several records nor lists can be grouped by."""
    query = ListQuery(registry.get("ships"), fleet[0]["admin"])
    for dimension in (Dimension("rig", "month"), Dimension("crew"), Dimension("flags"), Dimension("harbour.nothing")):
        with pytest.raises(QueryError):
            aggregate(Aggregation(query, (), (dimension,)))


@pytest.mark.parametrize("period", ["today", "this_month", "next_2_weeks", "last_3_months", "2026-03-28..2026-04-04"])
def test_a_period_narrows_lists_and_counts(fleet, clock, period):
    """DASH-5: the days of the reader, both ends included; only records with a date in it."""
    with timezone.override(ZoneInfo("Pacific/Auckland")):
        query = ListQuery(registry.get("ships"), fleet[0]["admin"], period=period)
        first, last = days_of(period)
        moments = [
            row.values["sails_at"]
            for page in stream(query.but(period="", columns=("sails_at",)))
            for row in page.rows
            if row.values["sails_at"] is not None
        ]
        inside = [moment for moment in moments if first <= timezone.localdate(moment) <= last]
        assert aggregate(Aggregation(query)).whole.count == len(inside) == count_of(query).number
        assert bool(inside) == (period != "today")
        assert query.is_filtered


def days_of(period: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a period."""
    if ".." in period:
        first, last = map(dt.date.fromisoformat, period.split(".."))
        return first, last
    return dates.period(period, today())


@pytest.mark.parametrize("period", ["someday", "this_decade", "2026-01-01..", "2026-01-01..soon", "last_0_days", "_"])
def test_what_is_no_period_is_refused(fleet, period):
    with pytest.raises(QueryError):
        aggregate(Aggregation(ListQuery(registry.get("ships"), fleet[0]["admin"], period=period)))


def test_nothing_comes_to_nothing(fleet):
    """Without dimensions there is always a group; a sum of nothing is no zero."""
    query = ListQuery(registry.get("ships"), fleet[0]["admin"], parse("name:is(none such)"))
    measures = (Measure(), Measure("sum", "price"), Measure("distinct", "rig"))
    whole = aggregate(Aggregation(query, measures)).whole
    assert (whole.count, *whole.values.values()) == (0, Measurement(0), Measurement(), Measurement(0))
    assert not aggregate(Aggregation(query, measures, (Dimension("rig"),))).groups
