"""“Since you last looked”: visits, the news of a record, and of a list as column and filter (DET-7)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.core import registry, tokens, visits, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.cache import invalidate
from kanal.core.listing import ListQuery, read_page
from kanal.core.models import Change, FieldVisibility, Visit
from kanal.core.query import QueryError, parse
from kanal.features.comments.actions import say

SHIPS = registry.get("ships")
HOUR = dt.timedelta(hours=1)
EVERYTHING = {"ships": ("all", ["view", "edit", "export"]), "comments": ("all", ["add", "private"])}


@pytest.fixture
def reader(make_user):
    """Return a user who sees and edits all ships."""
    return make_user(rules=EVERYTHING)


def looked(user, record, ago):
    """Store that a user looked at a record some time ago, and make its earlier history older than that."""
    at = timezone.now() - ago
    Visit.objects.create(user=user, entity=SHIPS.key, record_id=record.pk, at=at)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the history is immutable
        Change.objects.filter(entity=SHIPS.key, record_id=record.pk).update(at=at - HOUR)
        cursor.execute("SET LOCAL session_replication_role = origin")


def change(record, by, **values):
    """Change a ship."""
    record.refresh_from_db()
    writes.change(record, values, by=Actor(by, ChangeSource.FORM))


def listed(user, text="has_news:is(yes)"):
    """Return the ids of the ships that a filter leaves to a user."""
    return {row.id for row in read_page(ListQuery(SHIPS, user, node=parse(text))).rows}


def news_page(client, user, record, query=""):
    """Return the news of a ship as a user gets them."""
    client.force_login(user)
    response = client.get(f"{SHIPS.url(record.pk)}news{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_of_a_record_asks_for_its_news_and_stores_nothing_itself(client, reader, make_ship):
    """DET-7: the visit is stored by the part that follows the page."""
    ship = make_ship()
    client.force_login(reader)
    page = client.get(SHIPS.url(ship.pk)).content.decode()
    assert f'hx-get="{SHIPS.url(ship.pk)}news"' in page
    assert not Visit.objects.exists()
    news_page(client, reader, ship)
    assert Visit.objects.filter(user=reader, entity="ships", record_id=ship.pk).count() == 1


def test_news_are_what_others_changed_since_the_last_look(client, admin, reader, make_ship):
    """DET-7: with their source, without what one did oneself; nothing is shown if there is nothing."""
    ship = make_ship(masts=1)
    looked(reader, ship, 2 * HOUR)
    assert news_page(client, reader, ship).strip() == ""
    Visit.objects.update(at=timezone.now() - 2 * HOUR)
    change(ship, reader, masts=2)
    assert news_page(client, reader, ship).strip() == ""
    Visit.objects.update(at=timezone.now() - 2 * HOUR)
    change(ship, admin, masts=3)
    say(SHIPS, ship.pk, "She sails on Monday", by=Actor(admin, ChangeSource.FORM))
    page = news_page(client, reader, ship)
    assert "Since you last looked" in page
    assert "Masts: 2 → 3" in page
    assert "Masts: 1 → 2" not in page
    assert "She sails on Monday" in page


def test_who_never_looked_gets_the_news_of_thirty_days(client, admin, reader, make_ship):
    """DET-7, bad input."""
    ship = make_ship(masts=1)
    change(ship, admin, masts=3)
    page = news_page(client, reader, ship)
    assert "In the last 30 days" in page
    assert "Masts: 1 → 3" in page


def test_what_was_new_stays_new_for_the_sitting(client, admin, reader, make_ship):
    """DET-7: a reload shows the same, as the look before this sitting counts."""
    ship = make_ship(masts=1)
    looked(reader, ship, 2 * HOUR)
    change(ship, admin, masts=3)
    for _reload in range(2):
        assert "Masts: 1 → 3" in news_page(client, reader, ship)
    visit = Visit.objects.get()
    assert visit.before < timezone.now() - HOUR < visit.at
    Visit.objects.update(at=timezone.now() - visits.SITTING / 2, before=timezone.now() - visits.SITTING)
    assert visits.last_look(reader, SHIPS, ship.pk) == Visit.objects.get().before


def test_a_visit_is_written_once_a_minute_at_most(reader, make_ship):
    """DET-7: reading must not become writing."""
    ship = make_ship()
    visits.store_visit(reader, SHIPS, ship.pk)
    first = Visit.objects.get()
    visits.store_visit(reader, SHIPS, ship.pk)
    assert Visit.objects.get().at == first.at
    Visit.objects.update(at=first.at - dt.timedelta(minutes=2))
    visits.store_visit(reader, SHIPS, ship.pk)
    visit = Visit.objects.get()
    assert (visit.at >= first.at, visit.before) == (True, None)


def test_news_tell_nothing_of_a_hidden_field(client, admin, reader, make_ship):
    """ACC-6: neither as a line nor by the filter, as that would tell that the price has changed."""
    ship = make_ship(price="10.00")
    looked(reader, ship, 2 * HOUR)
    FieldVisibility.objects.create(entity="ships", field="price", user_types=["administrator"])
    invalidate()
    change(ship, admin, price="12.00")
    assert ship.pk not in listed(reader)
    assert news_page(client, reader, ship).strip() == ""


def test_a_list_is_filtered_by_news_and_shows_them(admin, reader, make_ship):
    """DET-7: changed by others since one's look, or never looked at and new within 30 days."""
    quiet, changed, own, unseen = (make_ship(masts=1) for _number in range(4))
    for ship in (quiet, changed, own):
        looked(reader, ship, 2 * HOUR)
    change(changed, admin, masts=3)
    change(own, reader, masts=3)
    assert listed(reader) >= {changed.pk, unseen.pk}
    assert not listed(reader) & {quiet.pk, own.pk}
    assert listed(reader, "has_news:is(no)") >= {quiet.pk, own.pk}
    assert not listed(reader, "has_news:is(no)") & {changed.pk, unseen.pk}
    page = read_page(ListQuery(SHIPS, reader, columns=("name", "has_news")))
    values = {row.id: row.values["has_news"] for row in page.rows}
    assert (values[quiet.pk], values[own.pk], values[changed.pk], values[unseen.pk]) == (False, False, True, True)


def test_a_comment_of_another_is_news_but_not_a_private_one(admin, reader, make_ship):
    """DET-7: what everybody who sees the record may read."""
    ship, secret = make_ship(), make_ship()
    for record in (ship, secret):
        looked(reader, record, 2 * HOUR)
    say(SHIPS, ship.pk, "Ready", by=Actor(admin, ChangeSource.FORM))
    say(SHIPS, secret.pk, "Leaks", is_private=True, by=Actor(admin, ChangeSource.FORM))
    assert ship.pk in listed(reader)
    assert secret.pk not in listed(reader)


def test_the_column_takes_one_statement_whatever_the_number_of_rows(reader, make_ship):
    """PERF-1."""

    def statements():
        with CaptureQueriesContext(connection) as caught:
            read_page(ListQuery(SHIPS, reader, columns=("name", "has_news")))
        return len(caught)

    make_ship()
    statements()
    few = statements()
    for _number in range(5):
        make_ship()
    assert statements() == few
    with CaptureQueriesContext(connection) as without:
        read_page(ListQuery(SHIPS, reader, columns=("name",)))
    assert few == len(without) + 1


@pytest.mark.parametrize("query", [{"sort": "has_news"}, {"sort": "-has_news"}, {"group": "has_news"}])
def test_a_list_is_not_sorted_or_grouped_by_news(reader, query):
    """LIST-1: refused like other such fields, not by an error of the database."""
    with pytest.raises(QueryError):
        read_page(ListQuery(SHIPS, reader, **query))


def test_news_are_not_in_exports_and_forms(client, admin, make_ship):
    """They belong to a reader, not to the record."""
    make_ship()
    client.force_login(admin)
    assert "has_news" not in client.get("/fakes/ships/new").content.decode()
    page = client.get(f"{SHIPS.list_url}?filter=has_news:is(yes)&columns=name,has_news")
    assert page.status_code == 200
    assert "Changed since you last looked" in page.content.decode()


def test_recently_viewed_records_are_those_that_can_still_be_seen(client, reader, make_ship, make_user):
    """SRCH-1: newest first, in the search without a text and on the home; nothing of others."""
    first, second = make_ship(name="Aurora"), make_ship(name="Borealis")
    looked(reader, first, 2 * HOUR)
    looked(reader, second, HOUR)
    assert [viewed.title for viewed in visits.recently_viewed(reader, 5)] == ["Borealis", "Aurora"]
    client.force_login(reader)
    for address in ("/search", "/search?q=", "/"):
        page = client.get(address).content.decode()
        assert page.index("Borealis") < page.index("Aurora")
    fragment = client.get("/search?q=", headers={"HX-Request": "true"}).content.decode()
    assert "Recently viewed" in fragment
    stranger = make_user(rules={})
    Visit.objects.update(user=stranger)
    assert visits.recently_viewed(stranger, 5) == []
    writes.delete(first, by=SYSTEM)
    assert not Visit.objects.filter(record_id=first.pk).exists()


def test_news_of_a_hidden_record_are_not_found(client, make_user, make_ship):
    """ACC-2: neither news nor a visit."""
    ship, stranger = make_ship(), make_user(rules={"ships": ("own", ["view"])})
    client.force_login(stranger)
    assert client.get(f"{SHIPS.url(ship.pk)}news").status_code == 404
    assert not Visit.objects.exists()


def test_the_api_filters_by_news_and_tells_those_of_a_record(client, admin, reader, make_ship):
    """DET-7: for the owner of the token, by what they looked at in the app."""
    ship, quiet = make_ship(masts=1), make_ship()
    for record in (ship, quiet):
        looked(reader, record, 2 * HOUR)
    change(ship, admin, masts=3)
    secret = tokens.create_token(reader, "news")
    headers = {"Authorization": f"Bearer {secret}"}
    items = client.get("/api/v1/ships?filter=has_news:is(yes)", headers=headers).json()["items"]
    ids = {item["id"] for item in items}
    assert (ship.pk in ids, quiet.pk in ids) == (True, False)
    news = client.get(f"/api/v1/ships/{ship.pk}/history?news=true", headers=headers).json()["items"]
    assert [change["field"] for entry in news for change in entry["changes"]] == ["masts"]
    assert client.get(f"/api/v1/ships/{quiet.pk}/history?news=true", headers=headers).json()["items"] == []
