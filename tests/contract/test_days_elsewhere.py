"""Lists, the live channel, the start page and documents count by the reader's day too (HIST-1a)."""

import datetime as dt
import re

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.context import Context
from kanal.entities.accounts.tests.factories import make_account
from kanal.entities.activities.models import Activity
from kanal.entities.quotes.tests.factories import quote as make_quote
from kanal.entities.quotes.tests.factories import shop
from kanal.entities.quotes.tokens import context_of
from tests.contract.test_days import DAY_OF, HOURS, NOW, clock, reader, signed_in, zone
from tests.fakes.models import Ship

__all__ = ["clock", "reader", "signed_in", "zone"]


@pytest.fixture
def calls(reader, zone):
    """Return a call at each full hour around now, named by the reader's day; those ahead are planned."""
    account, subjects_by_day = make_account(), {}
    for hour in range(-40, 40, 2):
        moment = NOW + dt.timedelta(hours=hour)
        day = (moment + dt.timedelta(hours=HOURS[zone])).date().isoformat()
        values = {"subject": f"{day} {hour}", "category": "call", "account": account.pk, "start": moment.isoformat()}
        row = writes.create(registry.get("activities"), {**values, "assignee": reader.pk}, by=SYSTEM)
        subjects_by_day.setdefault(day, []).append(row.subject)
    return subjects_by_day


def figure(page, label):
    """Read the number below a label of the start page."""
    text = re.sub(r"<[^>]+>", " ", page.content.decode())
    return int(re.search(rf"{label}\s+(\d+)", text)[1])


def test_the_start_page_counts_by_the_readers_day(client, make_user, calls, zone):
    """ACT-3: today, overdue and planned are the seller's who reads their home."""
    rules = {"activities": ("all", ["view"]), "opportunities": ("all", ["view", "add"])}
    seller = make_user(rules=rules, user_type="representative", time_zone=zone)
    Activity.objects.update(assignee=seller)
    client.force_login(seller)
    page = client.get("/?part=figures")
    assert figure(page, "Activities today") == len(calls[DAY_OF[zone]])
    assert figure(page, "Overdue activities") == sum(len(names) for day, names in calls.items() if day < DAY_OF[zone])


def test_lists_and_what_the_live_channel_asks_count_by_the_readers_day(signed_in, reader, make_ship, zone):
    """LIST-3, KAN-1: a saved filter with “today” gives each reader their own day."""
    for hour in range(-40, 40, 2):
        moment = NOW + dt.timedelta(hours=hour)
        day = (moment + dt.timedelta(hours=HOURS[zone])).date().isoformat()
        make_ship(name=f"{day} {hour}", sails_at=moment.isoformat(), rig="sloop")
    query = "filter=sails_at:is(today)&limit=100"
    text = signed_in.get(f"/fakes/ships/data/?{query}").content.decode()
    assert set(re.findall(r">(2026-\d\d-\d\d) -?\d+<", text)) == {DAY_OF[zone]}
    board = signed_in.get(f"/live/ships/matching?{query}&ids={','.join(map(str, pks()))}").json()
    assert {name.split()[0] for name in names(board["ids"])} == {DAY_OF[zone]}


def pks():
    """List the ids of all ships."""
    return Ship.objects.values_list("pk", flat=True)


def names(ids):
    """List the names of some ships."""
    return Ship.objects.filter(pk__in=ids).values_list("name", flat=True)


def test_documents_name_the_day_of_who_makes_them(reader, zone):
    """DOC-2: “today” is the maker's day, and a moment is written in their zone."""
    quote = make_quote(shop())
    type(quote).objects.filter(pk=quote.pk).update(created_at=NOW)
    quote.refresh_from_db()
    with Context.of(reader).active():
        token_values = context_of(quote, user=reader, language="nb")
    assert token_values["today"].isoformat() == DAY_OF[zone]
    assert token_values["quote"]["date"].isoformat() == DAY_OF[zone]
