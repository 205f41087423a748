"""Subscribers get each committed change once, in the order of each record, however transactions overlap (ADR 20)."""

import threading

import pytest
from django.db import connection, transaction

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.models import Change, DeliveryPosition
from kanal.core.outbox import delivery, positions
from kanal.core.outbox.delivery import deliver_changes
from tests.concurrency.conftest import LISTENER as KEY
from tests.concurrency.conftest import subscribe_instead


@pytest.fixture
def other():
    """Open a second connection with a transaction; return a function that executes a statement in it."""
    with_transaction = connection.copy()
    with_transaction.set_autocommit(False)

    class Other:
        commit, rollback = staticmethod(with_transaction.commit), staticmethod(with_transaction.rollback)

        @staticmethod
        def rename(ship, name):
            with with_transaction.cursor() as cursor:
                cursor.execute(f"UPDATE {ship._meta.db_table} SET name = %s WHERE id = %s", [name, ship.pk])

    yield Other
    with_transaction.close()


def rename(ship, name):
    """Rename a ship in a transaction of its own."""
    writes.change(ship, {"name": name}, by=SYSTEM)


def names(changes):
    """Return the new name in each change."""
    return [change.new.get("name") for change in changes]


def test_a_change_is_delivered_with_all_that_the_history_knows(delivered, make_ship, admin):
    user = admin
    ship = make_ship(name="Fram")
    by = Actor(user, ChangeSource.API, verb="rig", request_id="r1", chain=("webhook:7",))
    writes.change(ship, {"name": "Gjøa"}, by=by)
    writes.delete(ship, by=SYSTEM)
    deliver_changes(subscriber=KEY)
    created, updated, deleted = delivered
    assert [change.kind for change in delivered] == ["created", "updated", "deleted"]
    assert (created.record, created.new["name"]) == (("ships", ship.pk), "Fram")
    assert (updated.old["name"], updated.new["name"]) == ("Fram", "Gjøa")
    assert (updated.user_id, updated.means, updated.verb) == (user.pk, "api", "rig")
    assert (updated.request_id, updated.chain) == ("r1", ("webhook:7",))
    assert deleted.old["name"] == "Gjøa"
    assert created.at < updated.at < deleted.at


def test_nothing_is_delivered_twice_or_before_the_subscription(make_ship, request):
    make_ship()
    delivered = request.getfixturevalue("delivered")
    deliver_changes(subscriber=KEY)
    assert not delivered
    make_ship(name="Fram")
    deliver_changes(subscriber=KEY)
    deliver_changes(subscriber=KEY)
    assert names(delivered) == ["Fram"]


def test_a_transaction_that_began_early_and_commits_late_is_delivered(delivered, make_ship, other):
    early, late = make_ship(), make_ship()
    deliver_changes(subscriber=KEY)
    delivered.clear()
    other.rename(early, "Begun first")
    rename(late, "Committed first")
    deliver_changes(subscriber=KEY)
    assert names(delivered) == ["Committed first"]
    rename(late, "Later")
    deliver_changes(subscriber=KEY)
    other.commit()
    deliver_changes(subscriber=KEY)
    assert names(delivered) == ["Committed first", "Later", "Begun first"]
    ids = [change.id for change in delivered]
    assert ids[-1] < ids[0], "its id and its transaction are older than what was delivered before"


def test_what_is_rolled_back_is_not_delivered(delivered, make_ship, other):
    ship = make_ship()
    other.rename(ship, "Never")
    deliver_changes(subscriber=KEY)
    other.rollback()
    deliver_changes(subscriber=KEY)
    assert "Never" not in names(delivered)


def test_a_record_keeps_its_order_though_an_older_transaction_changes_it_last(delivered, make_ship, other):
    """Neither ids nor transactions alone give the order in which this is delivered."""
    ship, another = make_ship(), make_ship()
    third = connection.copy()
    deliver_changes(subscriber=KEY)
    delivered.clear()
    other.rename(another, "Has an old transaction")
    third.set_autocommit(False)
    with third.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
    rename(ship, "First")
    deliver_changes(subscriber=KEY)
    other.rename(ship, "Second")
    other.commit()
    deliver_changes(subscriber=KEY)
    third.rollback()
    third.close()
    deliver_changes(subscriber=KEY)
    assert names(change for change in delivered if change.record_id == ship.pk) == ["First", "Second"]
    assert len(delivered) == 3


def test_every_change_of_many_overlapping_writers_is_delivered_once_and_in_order(delivered, make_ship, at_once):
    ships = [make_ship() for _ in range(4)]
    rounds = 15
    done = threading.Event()

    def write(place):
        try:
            for number in range(rounds):
                with transaction.atomic():
                    for ship in ships[place % 2 :: 2]:
                        writes.change(ship, {"name": f"{place} {number}"}, by=SYSTEM)
        finally:
            if place == 3:
                done.set()

    def deliver():
        while not done.is_set():
            deliver_changes(subscriber=KEY)

    results = at_once(deliver, *(lambda place=place: write(place) for place in range(4)))
    assert results == [None] * 5
    deliver_changes(subscriber=KEY)
    for ship in ships:
        kept = Change.objects.filter(entity="ships", record_id=ship.pk).order_by("id").values_list("id", flat=True)
        assert [change.id for change in delivered if change.record_id == ship.pk] == list(kept)


def test_a_large_window_is_delivered_in_batches_and_goes_on_where_it_stopped(delivered, make_ship, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH_SIZE", 3)
    made = writes.create_many(
        registry.get("ships"), [{"name": f"Ship {number}"} for number in range(8)], by=SYSTEM
    ).records
    advance, calls = positions.advance, []

    def killed(window, last_id):
        calls.append(last_id)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return advance(window, last_id)

    monkeypatch.setattr(delivery, "advance", killed)
    with pytest.raises(KeyboardInterrupt):
        deliver_changes(subscriber=KEY)
    make_ship(name="Meanwhile")
    deliver_changes(subscriber=KEY)
    deliver_changes(subscriber=KEY)
    ids = [change.record_id for change in delivered]
    assert ids[:6] + ids[3:6] != ids
    assert sorted(set(ids), key=ids.index)[:8] == [ship.pk for ship in made]
    assert len(ids) == 8 + 3 + 1, "the batch whose position was not stored comes twice, nothing else does"


def test_means_that_a_subscriber_ignores_are_left_out(delivered, make_ship):
    subscribe_instead(delivered.extend, "ships.created", ignored_means=[ChangeSource.INTAKE])
    make_ship(name="Quiet", by=Actor(means=ChangeSource.INTAKE))
    ship = make_ship(name="Loud")
    rename(ship, "Renamed")
    deliver_changes(subscriber=KEY)
    assert names(delivered) == ["Loud"]


def test_a_database_of_another_server_goes_on_with_new_changes(delivered, make_ship):
    """After a restore the numbers of transactions may begin anew: old changes are no events."""
    make_ship(name="Before")
    DeliveryPosition.objects.filter(subscriber=KEY).update(since="9000000000:9000000000:")
    deliver_changes(subscriber=KEY)
    make_ship(name="After")
    deliver_changes(subscriber=KEY)
    assert names(delivered) == ["After"]


def test_a_subscriber_that_comes_after_a_restore_gets_no_old_changes(delivered, make_ship):
    """The numbers that transactions had on another server come up again on this one."""
    make_ship(name="Before")
    kept = ", ".join(name for name in positions.COLUMNS if name != "id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO core_change ({kept}, xact) "
            f"SELECT {kept}, (pg_current_xact_id()::text::bigint + 3)::text::xid8 FROM core_change"
        )
    positions.skip_all()
    DeliveryPosition.objects.filter(subscriber=KEY).update(subscriber="another")
    positions.begin_positions()
    for _ in range(3):
        make_ship(name="After")
    deliver_changes(subscriber=KEY)
    assert names(delivered) == ["After"] * 3


def test_new_changes_are_found_by_the_index(delivered, make_ship):
    """The look reads what is new, however long the history is."""
    for _ in range(3):
        make_ship()
    position = DeliveryPosition.objects.get(subscriber=KEY)
    _oldest, following, _running = position.since.split(":")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        values = {"next": following, "running": [following], "floor": 0}
        cursor.execute("EXPLAIN " + positions.FIND_WINDOW, values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "change_by_transaction" in plan, plan
    assert "core_change_pkey" not in plan, plan
