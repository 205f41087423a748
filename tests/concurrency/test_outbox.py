"""Subscribers get each committed change once, in the order of each record, however transactions overlap (ADR 20)."""

import asyncio
import queue
import threading
import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from kanal.core import events, history, registry, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.context import Context
from kanal.core.models import Change, DeliveryPosition
from kanal.core.outbox import delivery, positions, waker
from kanal.core.outbox.delivery import deliver_changes, wake_subscriber
from kanal.entities.intake.pipeline import process_batch
from kanal.entities.intake.tests.test_actions import make_source, send
from kanal.entities.leads.tests.factories import make, make_lead, make_user

KEY = "listener"


@pytest.fixture
def delivered(db):
    """Subscribe to all changes of ships; return the list to which each delivered change is added."""
    heard = []
    events.subscribe(KEY, ["ships.*"], heard.extend, label="Listener")
    positions.begin_positions()
    yield heard
    del events._subscriptions[KEY]
    DeliveryPosition.objects.filter(subscriber=KEY).delete()
    ProcrastinateJob.objects.filter(lock__startswith=f"deliver:{KEY}").delete()


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


def work_off():
    """Run the waiting jobs as a worker does."""

    def work():
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()


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


def test_a_record_that_fails_waits_alone_and_in_order(delivered, make_ship):
    sick, sound = make_ship(name="Sick"), make_ship(name="Sound")
    events.subscribe(KEY, ["ships.*"], lambda changes: fail_for(sick, changes, delivered), label="Listener")
    deliver_changes(subscriber=KEY)
    assert names(delivered) == ["Sound"]
    events.subscribe(KEY, ["ships.*"], delivered.extend, label="Listener")
    rename(sick, "Better")
    rename(sound, "Still sound")
    deliver_changes(subscriber=KEY)
    assert names(delivered) == ["Sound", "Still sound"], "the later change waits for the one that failed"
    work_off()
    assert names(delivered) == ["Sound", "Still sound", "Sick", "Better"]


def fail_for(sick, changes, delivered):
    """Refuse the changes of one ship."""
    if sick.pk in {change.record_id for change in changes}:
        raise RuntimeError("not now")
    delivered.extend(changes)


def test_a_failing_subscriber_does_not_hold_up_another(delivered, make_ship):
    def fail(changes):
        raise RuntimeError("down")

    events.subscribe("failing", ["ships.created"], fail, label="Failing")
    positions.begin_positions()
    try:
        make_ship(name="Fram")
        deliver_changes(subscriber="failing")
        deliver_changes(subscriber=KEY)
        assert names(delivered) == ["Fram"]
    finally:
        del events._subscriptions["failing"]
        ProcrastinateJob.objects.filter(lock__startswith="deliver:failing").delete()


def test_a_wake_queues_one_job_and_only_if_something_matches(delivered, make_ship, make_project):
    subscription = events.find_subscription(KEY)
    make_project()
    wake_subscriber(subscription)
    jobs = ProcrastinateJob.objects.filter(queueing_lock=f"deliver:{KEY}", status="todo")
    assert not jobs.exists()
    make_ship(name="Fram")
    make_ship(name="Gjøa")
    wake_subscriber(subscription)
    wake_subscriber(subscription)
    assert jobs.count() == 1
    work_off()
    assert names(delivered) == ["Fram", "Gjøa"]
    with CaptureQueriesContext(connection) as statements:
        wake_subscriber(subscription)
    assert len(statements) == 2, "a look without news stores nothing"


def test_the_waker_hears_of_a_commit(delivered, make_ship, monkeypatch):
    """First everybody is woken, who may have missed something; then those whose types have changed."""
    woken = queue.Queue()
    monkeypatch.setattr(waker, "wake_all", woken.put)
    loop = asyncio.new_event_loop()
    hearing = loop.create_task(waker.Waker().run())
    thread = threading.Thread(target=lambda: loop.run_until_complete(asyncio.wait([hearing])))
    thread.start()
    try:
        assert {KEY, "splitter"} <= woken.get(timeout=30)
        make_ship()
        begun = time.monotonic()
        assert woken.get(timeout=30) == {KEY}
        assert time.monotonic() - begun < 1
    finally:
        loop.call_soon_threadsafe(hearing.cancel)
        thread.join(30)
        loop.close()


def test_split_2_new_leads_are_split_unless_the_intake_has_done_so(db):
    """SPLIT-2: whoever makes them and by whatever means; the history names the splitter as the cause."""
    deliver_changes(subscriber="splitter")
    seller = make_user()
    make("splitter-filters", name="All", shares=[{"user": seller.pk, "percent": "100"}])
    send(make_source(), [{"email": "p@a.example"}])
    process_batch()
    wake_subscriber(events.find_subscription("splitter"))
    assert not ProcrastinateJob.objects.filter(task_name="core.deliver_changes", status="todo").exists()
    lead = make_lead(last_name="Berg")
    deliver_changes(subscriber="splitter")
    lead.refresh_from_db()
    assert lead.assignee == seller
    split = Change.objects.filter(entity="leads", record_id=lead.pk, verb="split").latest("id")
    assert [events.cause_of(link) for link in split.chain] == ["Lead splitter"]
    entry = history.entries_of(seller, registry.get("leads"), lead.pk)[0]
    assert entry.chain == tuple(split.chain)


def test_means_that_a_subscriber_ignores_are_left_out(delivered, make_ship):
    events.subscribe(KEY, ["ships.created"], delivered.extend, label="Listener", ignored_means=[ChangeSource.INTAKE])
    make_ship(name="Quiet", by=Actor(means=ChangeSource.INTAKE))
    ship = make_ship(name="Loud")
    rename(ship, "Renamed")
    deliver_changes(subscriber=KEY)
    assert names(delivered) == ["Loud"]


def test_a_write_queues_no_job(delivered, make_ship):
    ship = make_ship()
    with CaptureQueriesContext(connection) as statements:
        rename(ship, "Fram")
        writes.create_many(registry.get("ships"), [{"name": "A"}, {"name": "B"}], by=SYSTEM)
    assert not [one for one in statements if "procrastinate" in one["sql"]]


def test_what_a_subscriber_writes_names_its_cause(delivered, make_ship, make_project):
    """The chain grows by a link for each subscriber and travels in jobs; a loop ends."""

    def answer(changes):
        delivered.extend(changes)
        for change in changes:
            ship = registry.get("ships").model.objects.get(pk=change.record_id)
            writes.change(ship, {"masts": (ship.masts or 0) + 1}, by=Actor(means=ChangeSource.JOB))
        assert Context.load(Context.company().but(chain=("a:1",)).dump()).chain == ("a:1",)

    events.subscribe(KEY, ["ships.*"], answer, label="Listener")
    ship = make_ship()
    for _ in range(delivery.LONGEST_CHAIN + 5):
        deliver_changes(subscriber=KEY)
    chains = [change.chain or () for change in Change.objects.filter(entity="ships", record_id=ship.pk).order_by("id")]
    assert [len(chain) for chain in chains] == list(range(delivery.LONGEST_CHAIN + 1))
    assert chains[2] == [f"{KEY}:{delivered[0].id}", f"{KEY}:{delivered[1].id}"]


def test_a_database_of_another_server_goes_on_with_new_changes(delivered, make_ship):
    """After a restore the numbers of transactions may begin anew: old changes are no events."""
    make_ship(name="Before")
    DeliveryPosition.objects.filter(subscriber=KEY).update(since="9000000000:9000000000:")
    deliver_changes(subscriber=KEY)
    make_ship(name="After")
    deliver_changes(subscriber=KEY)
    assert names(delivered) == ["After"]


def test_new_changes_are_found_by_the_index(delivered, make_ship):
    """The look reads what is new, however long the history is."""
    for _ in range(3):
        make_ship()
    position = DeliveryPosition.objects.get(subscriber=KEY)
    _oldest, following, _running = position.since.split(":")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        values = {"next": following, "running": [following], "floor": 0}
        cursor.execute("EXPLAIN " + positions.LOOK, values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "change_by_transaction" in plan, plan
    assert "core_change_pkey" not in plan, plan
