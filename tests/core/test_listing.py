"""Pages of a list: keyset pages are the list, names and sums show only what may be seen (LIST-1, LIST-9, ACC-5)."""

import base64
import datetime as dt
import random
from itertools import pairwise

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.aggregation import Aggregation, Dimension, Measure, aggregate, group_key, sums_of
from kanal.core.cache import invalidate
from kanal.core.listing import CursorError, ListQuery, columns_of, count_of, read_page, stream
from kanal.core.models import Currency, CustomField
from kanal.core.query import QueryError, parse

COLUMNS = ("name", "harbour", "harbour.country", "rig", "price", "crew", "created_by")
KEYS = ("name", "harbour", "harbour.depth", "rig", "trade", "price", "masts", "launched", "sails_at", "afloat", "id")
SORTS = st.lists(st.tuples(st.sampled_from(("", "-")), st.sampled_from(KEYS)), min_size=1, max_size=3)


@pytest.fixture
def fleet(make_ship, admin):
    """Make forty ships with many equal and many missing values."""
    chance = random.Random(7)
    harbours = [
        writes.create(registry.get("harbours"), {"name": name, "depth": depth}, by=SYSTEM)
        for name, depth in (("Ålesund", "12.5"), ("bergen", None), ("Čapek", "3"))
    ]
    for number in range(40):
        make_ship(
            name=chance.choice(["Ægir", "aegir", "Bore", "Céline", "dora"]) + str(number % 7),
            harbour=chance.choice([None, *harbours]),
            rig=chance.choice(["", "sloop", "ketch"]),
            price=chance.choice([None, {"amount": chance.randint(1, 5), "currency": chance.choice(["EUR"])}]),
            masts=chance.choice([None, 1, 2]),
            launched=chance.choice([None, dt.date(2026, 1, 1), dt.date(2025, 5, 5)]),
            crew=chance.choice([[], [admin.pk]]),
        )
    return registry.get("ships")


def ids_by_pages(ask):
    """Walk through a list page by page; return the ids, and the pages."""
    pages = [read_page(ask)]
    while pages[-1].next:
        pages.append(read_page(ask.but(cursor=pages[-1].next)))
    return [row.id for page in pages for row in page.rows], pages


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SORTS, st.integers(1, 17))
def test_keyset_pages_are_the_list(fleet, admin, sort, limit):
    """LIST-9: no row is lost or shown twice, whatever the sort; going back gives the same pages."""
    ask = ListQuery(fleet, admin, columns=COLUMNS, sort=",".join(sign + key for sign, key in sort), limit=limit)
    whole = [row.id for page in stream(ask) for row in page.rows]
    ids, pages = ids_by_pages(ask)
    assert ids == whole
    assert len(set(ids)) == 40
    for before, page in pairwise(pages):
        assert [row.id for row in read_page(ask.but(cursor=page.previous)).rows] == [row.id for row in before.rows]


def test_the_number_of_queries_does_not_grow_with_the_rows(fleet, admin):
    """PERF-1: links and related records are read for a whole page at once."""
    counts = []
    read_page(ListQuery(fleet, admin, columns=COLUMNS))
    for limit in (5, 40):
        with CaptureQueriesContext(connection) as caught:
            read_page(ListQuery(fleet, admin, columns=COLUMNS, limit=limit))
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 5


def test_what_may_not_be_seen_has_no_name(fleet, make_user):
    """ACC-5: a link to a record that one may not see shows neither its name nor its fields."""
    user = make_user(rules={"ships": ("all", ["view"])})
    page = read_page(ListQuery(fleet, user, columns=COLUMNS, sort="harbour", limit=40))
    assert any(row.values["harbour"] for row in page.rows)
    assert all(page.name_of("harbours", row.values["harbour"]) is None for row in page.rows)
    assert all(row.values["harbour.country"] is None for row in page.rows)
    assert b"lesund" not in page.next.encode()


def test_a_cursor_belongs_to_its_list(fleet, admin):
    """LIST-9: one that is cut, made up, from another list, or of an installation with another key is refused."""
    ask = ListQuery(fleet, admin, sort="name", limit=5)
    cursor = read_page(ask).next
    assert read_page(ask.but(cursor=cursor)).rows
    wrong = [ask.but(cursor=text) for text in ("x", "A" * 43, "é", cursor[:-2], cursor * 900)]
    for list_query in (
        *wrong,
        ask.but(cursor=cursor, sort="-name"),
        ListQuery(registry.get("harbours"), admin, cursor=cursor),
    ):
        with pytest.raises(CursorError):
            read_page(list_query)
    with override_settings(SECRET_KEY="another"), pytest.raises(CursorError):
        read_page(ask.but(cursor=cursor))


def test_a_cursor_tells_nothing_of_the_record_that_it_names(make_ship, admin):
    """ACC-6, LIST-10: an address that is mailed or logged shows no value to one who may not see the field."""
    for number in range(3):
        make_ship(name=f"Secretship {number}", price={"amount": "4711.25", "currency": "EUR"})
    cursor = read_page(ListQuery(registry.get("ships"), admin, sort="price,name", limit=2)).next
    assert cursor == read_page(ListQuery(registry.get("ships"), admin, sort="price,name", limit=2)).next
    decoded = [
        cursor.encode(),
        *(base64.urlsafe_b64decode(cursor[at:] + "==="[: -len(cursor[at:]) % 4]) for at in (0, 4)),
    ]
    for word in (b"4711", b"ecretship", b"ships", b"price"):
        assert not any(word in text or word.upper() in text for text in decoded), word


def test_counts_and_sums_per_group(fleet, admin):
    """LIST-1: money is summed per currency; a group counts its records."""
    ask = ListQuery(fleet, admin, group="rig")
    columns = columns_of(fleet, ["price", "masts", "share"], ask.reader)
    rig = columns_of(fleet, ["rig"], ask.reader)[0]
    rows = [row for page in stream(ask.but(columns=("rig", "price", "masts"))) for row in page.rows]
    groups = aggregate(Aggregation(ask, sums_of(columns), (Dimension("rig"),))).by_key()
    for key in ("sloop", "ketch"):
        mine = [row.values for row in rows if row.values["rig"] == key]
        assert groups[group_key(rig, key)].count == len(mine)
        money = sum(listed_row["price"].amount for listed_row in mine if listed_row["price"])
        assert groups[key].values[Measure("sum", "price")].by_currency.get("EUR", 0) == money
        assert (groups[key].values[Measure("sum", "masts")].number or 0) == sum(
            listed_row["masts"] or 0 for listed_row in mine
        )
    assert Measure("sum", "share") not in groups["sloop"].values
    assert aggregate(Aggregation(ask)).whole.count == 40


def test_the_quick_search_reads_parts_beginnings_and_ids(fleet, admin, make_ship):
    ship = make_ship(name="Zanzibar")
    for text, expected in (("NZIB", 1), ("za", 1), ("nz", 0), (f"#{ship.pk}", 1), ("", 41)):
        assert count_of(ListQuery(fleet, admin, text=text)).number == expected, text


def test_a_project_holds_what_lies_below_it(fleet, admin, make_ship, make_project):
    top = make_project()
    below = make_project(parent=top.pk)
    ship = make_ship(project=below.pk)
    assert [row.id for row in read_page(ListQuery(fleet, admin, project=top.pk)).rows] == [ship.pk]
    assert not read_page(ListQuery(fleet, admin, project=make_project().pk)).rows


def test_a_wrong_filter_or_sort_is_said(fleet, admin):
    for ask in (ListQuery(fleet, admin, node=parse("nothing:is(1)")), ListQuery(fleet, admin, sort="crew")):
        with pytest.raises(QueryError):
            read_page(ask)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amounts", "converted"),
    [
        ([("100", "EUR"), ("1000", "NOK")], 186), ([("1000", "NOK")], 86), ([("5", "EUR")], 5),
        ([("5", "EUR"), ("1", "ISK")], None),
    ],
)  # fmt: skip
def test_money_of_custom_fields_has_a_total_in_the_main_currency(make_ship, admin, amounts, converted):
    """LIST-1: at today's rate, as there is no column that keeps it; nothing is told where a rate is missing."""
    CustomField.objects.create(entity="ships", key="cargo", name="Cargo", kind="money")
    Currency.objects.create(code="ISK", in_use=True)
    invalidate()
    for amount, currency in amounts:
        make_ship(custom={"cargo": {"amount": amount, "currency": currency}})
    ask = ListQuery(registry.get("ships"), admin)
    measure = Measure("sum", "custom.cargo")
    total = aggregate(Aggregation(ask, (measure,))).whole.values[measure]
    assert (total.converted, len(total.by_currency)) == (converted, len(amounts))
