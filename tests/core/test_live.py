"""The live channel (JOB-2): what the database tells, what one word it becomes, and that all of it passes access."""

import asyncio
import json
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM, Actor
from kanal.core.live import authorization, listener, notify
from kanal.core.live.clients import CLOSE, STALE, WAITING, Client
from kanal.core.live.coalescing import MOST, Batch
from kanal.core.live.hub import Hub, ended_sessions, missed_since
from kanal.core.models import Progress
from tests import loops


def batch_of(*messages: dict[str, Any]) -> Batch:
    """Gather some messages of the database."""
    batch = Batch()
    for message in messages:
        batch.add(message)
    return batch


def heard(batch: Batch, *clients: Client) -> dict[Client, list[Any]]:
    """Return what each page hears of a batch."""
    users = authorization.read_users(client.user_id for client in clients)
    messages_by_client: dict[Client, list[Any]] = {client: [] for client in clients}
    for client, message in authorization.answers(batch, clients, users):
        messages_by_client[client].append(message)
    return messages_by_client


def page_of(user: Any, *, record: int = 0, shown: tuple[int, ...] = ()) -> Client:
    """Open a list of ships, or the page of one."""
    if record:
        return Client(user.pk, records=frozenset({("ships", record)}), visible_ids={"ships": {record}})
    return Client(user.pk, types=frozenset({"ships"}), visible_ids={"ships": set(shown)})


class TestTheBatch:
    """What is told in a short while is put together."""

    def test_much_becomes_one_word(self):
        """JOB-2: a bulk change of 10,000 rows sends one “reload”, not 10,000 messages."""
        batch = batch_of(*({"type": "ships", "kind": "u", "ids": [pk]} for pk in range(MOST + 1)))
        assert batch.changes["ships"].is_many
        assert batch_of({"type": "ships", "kind": "u"}).changes["ships"].is_many

    def test_what_was_made_and_changed_is_new_and_what_was_deleted_is_gone(self):
        """JOB-2: a record has one state in a message."""
        messages = [{"type": "ships", "kind": kind, "ids": [1, 2]} for kind in "cu"]
        changes = batch_of(*messages, {"type": "ships", "kind": "d", "ids": [2]}).changes["ships"]
        assert (changes.created, changes.changed, changes.deleted) == ({1}, set(), {2})

    def test_a_change_of_a_user_is_one_of_rights(self):
        """JOB-2: rights are read anew after it."""
        assert batch_of({"type": "users", "kind": "u", "ids": [1]}).rights
        assert not batch_of({"type": "ships", "kind": "u", "ids": [1]}).rights

    def test_a_slow_page_is_told_once_that_it_is_behind(self):
        """JOB-2: the queue of a page that does not read stays short."""

        async def run() -> None:
            client = Client(1)
            for number in range(WAITING + 1):
                client.put({"type": "ships", "created": [number]})
            assert client.queue.qsize() == 1
            assert client.queue.get_nowait() is STALE
            client.put(CLOSE)
            client.put({"type": "ships"})
            assert client.queue.get_nowait() == CLOSE
            assert client.queue.empty()

        loops.run(run())


@pytest.mark.django_db
class TestTheDoor:
    """ACC-7: a user who may not see a record never receives its id."""

    def test_only_those_who_may_see_it_hear_of_it(self, make_user, make_ship, admin):
        """ACC-7: the owner and the administrator hear of a ship, a colleague and a stranger do not."""
        owner = make_user({"ships": ("own", ["view", "add"])})
        colleague = make_user({"ships": ("own", ["view"])})
        stranger = make_user()
        ship = make_ship(by=Actor(owner))
        pages = [page_of(user) for user in (owner, admin, colleague, stranger)]
        messages = heard(batch_of({"type": "ships", "kind": "c", "ids": [ship.pk], "by": owner.pk}), *pages)
        message = {"type": "ships", "created": [ship.pk], "by": str(owner)}
        assert [messages[page] for page in pages] == [[{**message, "mine": True}], [message], [], []]

    def test_no_message_to_a_stranger_holds_its_id(self, make_user, make_ship):
        """ACC-7: made, changed, deleted, on a list and on its own page: a stranger's messages never name it."""
        stranger = make_user({"ships": ("own", ["view"])})
        ship = make_ship()
        for kind in "cud":
            batch = batch_of({"type": "ships", "kind": kind, "ids": [ship.pk]})
            page = page_of(stranger)
            assert heard(batch, page)[page] == []
        assert authorization.seen_by(stranger, {"ships": {ship.pk}}) == {"ships": set()}

    def test_the_end_of_a_record_reaches_those_who_saw_it(self, make_user, make_ship, admin):
        """JOB-2: a deleted ship is named only to pages that showed it."""
        ship = make_ship()
        saw, did_not = page_of(admin, shown=(ship.pk,)), page_of(admin)
        writes.delete(ship, by=SYSTEM)
        messages = heard(batch_of({"type": "ships", "kind": "d", "ids": [ship.pk]}), saw, did_not)
        assert (messages[saw], messages[did_not]) == ([{"type": "ships", "gone": [ship.pk]}], [])

    def test_a_record_that_leaves_ones_sight_is_gone(self, make_user, make_ship):
        """ACC-7: after a change by which it is seen no more, the page that showed it learns that it is gone."""
        owner = make_user({"ships": ("own", ["view", "add"])})
        ship = make_ship(by=Actor(owner))
        page = page_of(owner, shown=(ship.pk,))
        registry.get("ships").model.objects.filter(pk=ship.pk).update(owner_ids=[])
        messages = heard(batch_of({"type": "ships", "kind": "u", "ids": [ship.pk]}), page)
        assert messages[page] == [{"type": "ships", "gone": [ship.pk]}]

    def test_a_record_page_hears_of_its_own_record_alone(self, make_ship, admin):
        """JOB-2: the page of a ship does not hear of another."""
        ship, other = make_ship(), make_ship()
        page = page_of(admin, record=ship.pk)
        assert heard(batch_of({"type": "ships", "kind": "u", "ids": [other.pk]}), page)[page] == []
        messages = heard(batch_of({"type": "ships", "kind": "u", "ids": [ship.pk, other.pk]}), page)[page]
        assert messages == [{"type": "ships", "changed": [ship.pk]}]

    def test_long_work_is_told_to_who_began_it(self, make_user, admin):
        """JOB-1: progress reaches its own user alone."""
        user = make_user()
        row = Progress.objects.create(title="Import", user=user, total=10, done=4, state="running")
        mine, theirs = Client(user.pk), Client(admin.pk)
        messages = heard(batch_of({"work": row.pk}), mine, theirs)
        work = {"id": row.pk, "title": "Import", "state": "running", "done": 4, "total": 10}
        assert (messages[mine], messages[theirs]) == ([{"work": [work]}], [])

    def test_a_stream_ends_where_nothing_may_be_seen_any_more(self, make_user):
        """JOB-2: rights taken away end the stream of a list that they allowed."""
        user = make_user({"ships": ("all", ["view"])})
        stranger = make_user()
        kept, lost = page_of(user), page_of(stranger)
        messages = heard(batch_of({"rights": True}), kept, lost)
        assert (messages[kept], messages[lost]) == ([], [None])

    def test_a_stream_ends_with_its_session_account_or_password(self, make_user):
        """JOB-2: signed out, switched off, another password."""
        user, former = make_user(), make_user(is_active=False)
        session = SessionStore()
        session.create()
        user.set_password("a long new one")
        user.save()
        well = Client(user.pk, session.session_key or "", user.password)
        ended = [Client(user.pk, "gone", user.password), Client(user.pk, "", "another"), Client(former.pk)]
        assert ended_sessions([well, *ended]) == set(ended)

    def test_what_was_missed_is_caught_up_with(self, make_ship):
        """JOB-2: a page that comes back hears of what happened meanwhile."""
        at = missed_since(0).at
        ship = make_ship()
        assert missed_since(at).changes["ships"].created == {ship.pk}


def commands(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out what is not told of ships."""
    return [message for message in messages if message.get("type") == "ships"]


@pytest.mark.django_db(transaction=True)
class TestTheDatabase:
    """What triggers tell, over real connections."""

    def listening(self) -> psycopg.Connection[Any]:
        """Open a connection that listens."""
        link = psycopg.connect(listener.connection_url(), autocommit=True)
        link.execute("LISTEN kanal_live")
        return link

    def told(self, link: psycopg.Connection[Any]) -> list[dict[str, Any]]:
        """Return what has arrived."""
        return [json.loads(notification.payload) for notification in link.notifies(timeout=5, stop_after=1)] + [
            json.loads(notification.payload) for notification in link.notifies(timeout=0.1)
        ]

    def test_a_change_is_told_with_ids_only(self, make_ship, make_user):
        """JOB-2: the payload holds type, kind, ids and the actor, no value of any field."""
        user = make_user(user_type="administrator")
        with self.listening() as link:
            ship = make_ship(by=Actor(user), name="Secret name")
            messages = commands(self.told(link))
        assert {tuple(sorted(message)) for message in messages} == {("at", "by", "ids", "kind", "type")}
        assert messages[0]["ids"] == [ship.pk]
        assert messages[0]["by"] == user.pk

    def test_many_rows_of_a_statement_are_one_short_message(self, make_ship):
        """JOB-2: raw SQL over many rows tells one word without ids."""
        for _number in range(60):
            make_ship()
        with self.listening() as link:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE fakes_ship SET name = name || '!'")
            messages = commands(self.told(link))
        assert messages == [{"type": "ships", "kind": "u"}]

    def test_what_is_told_to_users_arrives(self, make_user):
        """JOB-4: a count of notifications is told by name."""
        with self.listening() as link:
            notify.notify([7], "notifications")
            assert {"name": "notifications", "users": [7]} in self.told(link)

    def test_without_listen_a_look_finds_the_same(self, make_ship, make_user):
        """JOB-2: behind a pooler the hub looks once a second."""
        looking = listener.Poller()
        ship = make_ship()
        row = Progress.objects.create(title="Import", user=make_user())
        messages = looking.look()
        assert [message["ids"] for message in commands(messages)] == [[ship.pk]]
        assert {"work": row.pk} in messages
        assert commands(looking.look()) == []

    def test_the_hub_delivers_by_one_connection(self, make_ship, make_user):
        """JOB-2: two pages, one LISTEN; the message arrives without a reload; with the last page all stops."""
        user = make_user({"ships": ("all", ["view"])})
        stranger = make_user({"ships": ("own", ["view"])})

        async def run() -> tuple[Any, bool, int]:
            hub, page, other = Hub(), page_of(user), page_of(stranger)
            for client in (page, other):
                client.since = await hub.ask(lambda: missed_since(0).at)
                await hub.join(client)
            ship = await asyncio.to_thread(make_and_close, make_ship)
            message = await asyncio.wait_for(page.queue.get(), 10)
            links = await hub.ask(listeners)
            empty = other.queue.empty()
            for client in (page, other):
                await hub.leave(client)
            assert hub.tasks == []
            return message == {**message, "type": "ships", "created": [ship.pk]}, empty, links

        assert loops.run(run()) == (True, True, 1)

    def test_a_fault_of_one_message_ends_no_channel(self, make_ship, make_user, monkeypatch):
        """REL-1, JOB-2: pages are told that they are behind, and hear of what comes next."""
        user = make_user({"ships": ("all", ["view"])})
        answers, faults = authorization.answers, list[Exception]()

        def stumble(*given: Any) -> Any:
            if faults:
                raise faults.pop()
            return answers(*given)

        monkeypatch.setattr(authorization, "answers", stumble)

        async def run() -> list[Any]:
            hub, page = Hub(), page_of(user)
            page.since = await hub.ask(lambda: missed_since(0).at)
            await hub.join(page)
            heard = []
            for failing in (False, True, False):
                # only once the channel listens, since what it catches up on at first is not a message
                faults.extend([KeyError("a fault")] if failing else [])
                await asyncio.to_thread(make_and_close, make_ship)
                heard.append(await asyncio.wait_for(page.queue.get(), 10))
            await hub.leave(page)
            return heard

        first, second, third = loops.run(run())
        assert first["type"] == third["type"] == "ships"
        assert second == STALE


def make_and_close(make_ship: Any) -> Any:
    """Make a ship in another thread."""
    try:
        return make_ship()
    finally:
        connection.close()


def listeners() -> int:
    """Count the connections that listen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'kanal live'"
        )
        return int(cursor.fetchone()[0])
