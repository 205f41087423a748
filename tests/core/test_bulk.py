"""`core.writes` for many: as few statements for five hundred records as for one, search and listeners told (LIST-5)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.cache import invalidate
from kanal.core.models import Change, CustomField
from kanal.features.search.models import SearchEntry


@pytest.fixture
def fleet(make_ship):
    """Return ten ships."""
    return [make_ship(rig="sloop", masts=number) for number in range(1, 11)]


def statements(records, values):
    """Count the statements of a change of many."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        outcome = writes.change_many(records, values, by=SYSTEM)
    assert outcome.refused == []
    return len(queries)


@pytest.mark.parametrize("values", [{"name": "Fram"}, {"log": "at sea"}, {"harbour": None, "masts": 4}])
def test_many_cost_as_many_statements_as_few(fleet, values):
    """LIST-5: ten thousand records are no ten thousand statements, whatever is changed."""
    model = registry.get("ships").model
    single_count = statements(model.objects.filter(pk=fleet[0].pk), values)
    assert statements(model.objects.filter(pk__in=[ship.pk for ship in fleet[1:]]), values) <= single_count


def test_each_record_gets_the_values_that_follow_for_it(fleet, monkeypatch):
    """What is derived differs from record to record and is written by one statement."""
    entity = registry.get("ships")

    def derive(_entity, ship, changed):
        ship.length, ship.log = ship.masts * 2, f"{ship.masts} masts"

    monkeypatch.setattr("kanal.core.writes.single.derive", derive)
    model = entity.model
    updates = [
        statement["sql"]
        for statement in captured(lambda: writes.change_many(model.objects.all(), {"share": "12.5"}, by=SYSTEM))
        if statement["sql"].startswith("UPDATE")
    ]
    assert len(updates) == 1
    values_by_masts = {ship.masts: (str(ship.share), ship.length, ship.revision) for ship in model.objects.all()}
    assert values_by_masts == {number: ("12.50", number * 2, 2) for number in range(1, 11)}
    assert Change.objects.filter(entity="ships", kind="u", record_id=fleet[4].pk).count() == 1


def captured(work):
    """Return the statements of some work."""
    with CaptureQueriesContext(connection) as queries:
        work()
    return queries.captured_queries


def test_search_knows_the_new_names(fleet):
    """SRCH-1: and is left alone where nothing changed that it reads."""
    model = registry.get("ships").model
    writes.change_many(model.objects.all(), {"name": "Gjøa"}, by=SYSTEM)
    assert set(SearchEntry.objects.filter(entity="ships").values_list("folded", flat=True)) == {"gjoa"}
    queries = captured(lambda: writes.change_many(model.objects.all(), {"rig": "ketch"}, by=SYSTEM))
    assert not [query for query in queries if "search_" in query["sql"]]


def test_the_work_stops_where_it_is_told_to(fleet, monkeypatch):
    """LIST-5: cancelled, it leaves what is done."""
    monkeypatch.setattr("kanal.core.writes.bulk_update.CHUNK", 4)
    model = registry.get("ships").model
    outcome = writes.change_many(model.objects.all(), {"rig": "ketch"}, by=SYSTEM, progress=lambda done: done < 8)
    assert (outcome.done, model.objects.filter(rig="ketch").count()) == (8, 8)


def test_owners_follow_for_many(fleet, make_user):
    """ACC-3: a new assignee of many owns them all, by as few statements; custom fields go the same way (CF-3)."""
    CustomField.objects.create(entity="ships", key="knots", name="Knots", kind="decimal")
    invalidate()
    user, member = make_user(), make_user()
    writes.change(fleet[1], {"crew": [member.pk]}, by=SYSTEM)
    model = registry.get("ships").model
    values = {"assignee": user.pk, "custom": {"knots": "7"}}
    single_count = statements(model.objects.filter(pk=fleet[0].pk), values)
    assert statements(model.objects.filter(pk__in=[ship.pk for ship in fleet[1:]]), values) <= single_count
    assert set(model.objects.values_list("custom__knots", flat=True)) == {"7"}
    owners = dict(model.objects.values_list("pk", "owner_ids"))
    assert owners.pop(fleet[1].pk) == sorted([user.pk, member.pk])
    assert set(map(tuple, owners.values())) == {(user.pk,)}


def test_what_the_database_refuses_is_named(make_user, make_ship):
    """LIST-5: a constraint that some records break keeps the others from nothing."""
    first, second = make_user(username="one"), make_user(username="two")
    users = registry.get("users").model.objects.filter(pk__in=[first.pk, second.pk])
    outcome = writes.change_many(users, {"username": "same"}, by=SYSTEM)
    assert outcome.done == 1
    assert [pk for pk, _reason in outcome.refused] == [second.pk]


def test_many_are_deleted_together(fleet, make_ship, make_user):
    """LIST-5: search forgets them, the history keeps them; what refuses is named, what others hang on too."""
    lost, harbour = make_ship(log="lost"), writes.create(registry.get("harbours"), {"name": "Oslo"}, by=SYSTEM)
    other = writes.create(registry.get("harbours"), {"name": "Bergen"}, by=SYSTEM)
    model = registry.get("ships").model
    single_count = len(captured(lambda: writes.delete_many(model.objects.filter(pk=fleet[0].pk), by=SYSTEM)))
    queries = captured(
        lambda: writes.delete_many(model.objects.filter(pk__in=[ship.pk for ship in fleet[1:]]), by=SYSTEM)
    )
    assert len(queries) <= single_count
    assert not SearchEntry.objects.filter(entity="ships", record_id__in=[ship.pk for ship in fleet]).exists()
    assert Change.objects.filter(entity="ships", kind="d").count() == len(fleet)
    outcome = writes.delete_many(model.objects.all(), by=SYSTEM)
    assert (outcome.done, outcome.refused) == (0, [(lost.pk, "This ship is lost.")])
    user = make_user(rules={"harbours": ("all", ["view"])})
    outcome = writes.delete_many(type(harbour).objects.all(), by=Actor(user, ChangeSource.BULK))
    assert (outcome.done, len(outcome.refused)) == (0, 2)
    make_ship(harbour=harbour.pk)
    outcome = writes.delete_many(type(harbour).objects.all(), by=SYSTEM)
    assert outcome.done + len(outcome.refused) == 2
    assert not type(other).objects.filter(pk=other.pk).exists()
