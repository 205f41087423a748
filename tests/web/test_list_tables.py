"""The table of a list: compact totals, its columns on a phone's card, the groups of a row's menu."""

from decimal import Decimal

import pytest
from django.utils import translation

from kanal.core import registry
from kanal.core.aggregation import Measurement
from kanal.core.fields.registry import native_fields
from kanal.core.listing import Column
from kanal.web.action_panel import Control
from kanal.web.lists.card_places import card_places
from kanal.web.lists.menu import group_controls
from kanal.web.lists.totals import Total, short_total, total_of, total_text

LIST = "/fakes/ships/data/"
EURO, KRONE = {"EUR": Decimal("4256409.50")}, {"NOK": Decimal(70000)}


@pytest.mark.parametrize(
    ("measurement", "total"),
    [
        (Measurement(), Total()),
        (Measurement(number=Decimal(1200)), Total("1,200")),
        (Measurement(by_currency={"EUR": Decimal(900)}, converted=Decimal(900)), Total("€900")),
        (Measurement(by_currency=EURO, converted=EURO["EUR"]), Total("€4,256,410", ("€4,256,409.50",))),
        (Measurement(by_currency=KRONE, converted=Decimal(6020)), Total("NOK\xa070,000", ("= €6,020",))),
        (
            Measurement(by_currency=EURO | KRONE, converted=Decimal("4262429.5")),
            Total("€4,262,430", ("€4,256,409.50", "NOK\xa070,000", "= €4,262,429.50")),
        ),
        (Measurement(by_currency={"EUR": Decimal(5), "XTS": Decimal(7)}), Total("€5 + XTS\xa07", ("€5", "XTS\xa07"))),
    ],
)
def test_a_total_is_one_amount_with_its_parts(db, measurement, total):
    """LIST-1: without a rate the amounts can't be added, so all are shown."""
    with translation.override("en"):
        assert total_of(measurement) == total
        assert short_total(measurement) == total.text


def test_the_whole_total_names_each_currency_and_their_sum(db):
    """KAN-1: the tooltip of a column's head."""
    with translation.override("en"):
        text = total_text(Measurement(by_currency=EURO | KRONE, converted=Decimal("4262429.5")))
    assert text == "€4,256,409.50 + NOK\xa070,000 = €4,262,429.50"


def columns_of(entity, keys):
    """Return the columns of the fields with these keys."""
    fields = {field.key: field for field in native_fields(entity)}
    return [Column(key, fields[key]) for key in keys]


@pytest.mark.parametrize(
    ("key", "columns", "places"),
    [
        ("opportunities", ("name", "assignee", "status", "expected_close_date", "value", "account"),
         {"status": "card-mark", "account": "card-detail", "value": "card-end"}),
        ("accounts", ("name", "city", "country", "updated_at"), {"city": "card-detail", "country": "card-mark"}),
        ("activities", ("subject", "start", "done", "assignee"), {"assignee": "card-detail", "start": "card-end"}),
        ("opportunities", ("name",), {}),
        ("opportunities", ("status",), {}),
    ],
)  # fmt: skip
def test_a_card_shows_details_status_and_amount(key, columns, places):
    """LIST-1, UX-1: chosen columns that don't fit on a phone's card are left out of it."""
    entity = registry.get(key)
    chosen = columns_of(entity, columns)
    assert card_places(entity, chosen, columns[0]) == places


def test_the_groups_of_a_menu_follow_the_page():
    """LIST-6: “Edit” comes first, what is hard to take back last, each place of the page in its own group."""
    control = {
        verb: Control(verb, verb, "/", "post", place=place, tone=tone)
        for verb, place, tone in (
            ("sell", "primary", "success"), ("call", "add", ""), ("edit", "panel", ""), ("lose", "panel", "danger"),
            ("link", "panel", ""), ("copy", "more", ""), ("delete", "more", "danger"),
        )
    }  # fmt: skip
    groups = [[offer.verb for offer in group] for group in group_controls(list(control.values()))]
    assert groups == [["edit", "sell"], ["call"], ["link"], ["copy"], ["lose", "delete"]]
    assert group_controls([]) == []
    assert group_controls([control["delete"]]) == [[control["delete"]]]


def test_the_totals_row_names_its_columns_on_a_card(client, admin, make_ship):
    """LIST-1: an amount in another currency keeps what it comes to in the main one."""
    client.force_login(admin)
    make_ship(name="Fram", price={"amount": "1250", "currency": "EUR"})
    make_ship(name="Gjøa", price={"amount": "99.50", "currency": "USD"})
    page = client.get(f"{LIST}?columns=name,price,masts").content.decode()
    foot = page[page.index("<tfoot") :]
    assert '<span class="card-label">Price</span>' in foot
    assert "€1,250" in foot
    assert "$99.50" in foot
    assert 'class="name"' in page
