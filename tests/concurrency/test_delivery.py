"""What becomes of deliveries that fail, who is woken when, and what a subscriber's own writes say (ADR 20)."""

import asyncio
import queue
import threading
import time

from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from kanal.core import events, history, registry, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.context import Context
from kanal.core.models import Change
from kanal.core.outbox import delivery, positions, waker
from kanal.core.outbox.delivery import deliver_changes, wake_subscriber
from kanal.entities.accounts.tests.factories import make_partner_user
from kanal.entities.intake.pipeline import process_batch
from kanal.entities.intake.tests.test_actions import make_source, send
from kanal.entities.leads.tests.factories import make, make_lead, make_user
from tests.concurrency.conftest import LISTENER as KEY
from tests.concurrency.conftest import subscribe_instead


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


def test_a_record_that_fails_waits_alone_and_in_order(delivered, make_ship):
    sick, sound = make_ship(name="Sick"), make_ship(name="Sound")
    subscribe_instead(lambda changes: fail_for(sick, changes, delivered))
    deliver_changes(subscriber=KEY)
    assert names(delivered) == ["Sound"]
    subscribe_instead(delivered.extend)
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


def test_a_delivery_that_fails_while_another_waits_ends_and_leaves_it_the_rest(delivered, make_ship, monkeypatch):
    subscription, calls = events.find_subscription(KEY), []
    whole = delivery.open_window

    def fail_once(subscription):
        calls.append(subscription)
        if len(calls) > 1:
            return whole(subscription)
        wake_subscriber(subscription)
        raise OSError("the connection was lost")

    make_ship(name="Fram")
    wake_subscriber(subscription)
    monkeypatch.setattr(delivery, "open_window", fail_once)
    work_off()
    assert names(delivered) == ["Fram"]
    assert not ProcrastinateJob.objects.filter(lock=f"deliver:{KEY}", status__in=("todo", "doing")).exists()


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
    outsider = make_partner_user(make("partners", name="Fjordpartner"))
    entries = history.entries_of(outsider, registry.get("leads"), lead.pk)
    assert [entry.verb for entry in entries if entry.id == split.pk] == ["split"]
    assert {entry.chain for entry in entries} == {()}


def test_a_write_queues_no_job(delivered, make_ship):
    ship = make_ship()
    with CaptureQueriesContext(connection) as statements:
        rename(ship, "Fram")
        writes.create_many(registry.get("ships"), [{"name": "A"}, {"name": "B"}], by=SYSTEM)
    assert not [statement for statement in statements if "procrastinate" in statement["sql"]]


def test_what_a_subscriber_writes_names_its_cause(delivered, make_ship, make_project):
    """The chain grows by a link for each subscriber and travels in jobs; a loop ends."""

    def answer(changes):
        delivered.extend(changes)
        for change in changes:
            ship = registry.get("ships").model.objects.get(pk=change.record_id)
            writes.change(ship, {"masts": (ship.masts or 0) + 1}, by=Actor(means=ChangeSource.JOB))
        assert Context.load(Context.company().but(chain=("a:1",)).dump()).chain == ("a:1",)

    subscribe_instead(answer)
    ship = make_ship()
    for _ in range(delivery.LONGEST_CHAIN + 5):
        deliver_changes(subscriber=KEY)
    chains = [change.chain or () for change in Change.objects.filter(entity="ships", record_id=ship.pk).order_by("id")]
    assert [len(chain) for chain in chains] == list(range(delivery.LONGEST_CHAIN + 1))
    assert chains[2] == [f"{KEY}:{delivered[0].id}", f"{KEY}:{delivered[1].id}"]
