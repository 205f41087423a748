"""The write path: checks, history, conflicts, locks, bulk (HIST-1, FORM-2, FORM-3)."""

import threading

import pytest
from django.db import connection, transaction

from kanal.core import access, history, registry, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.cache import invalidate
from kanal.core.models import Change, CustomField, FieldRule
from kanal.kit.errors import Conflict, Invalid, NotAllowed, Refused


def test_history_keeps_who_when_by_what_means_old_and_new(make_ship, by, admin):
    """HIST-1: native, custom and linked values."""
    CustomField.objects.create(entity="ships", key="knots", name="Knots", kind="decimal")
    invalidate()
    ship = make_ship(by=by, masts=1)
    writes.change(ship, {"masts": 2, "custom": {"knots": "7.50"}, "crew": [admin.pk]}, by=by)
    entries = history.entries_of(admin, registry.get("ships"), ship.pk)
    changes = {
        difference.field.key: (difference.old, difference.new)
        for entry in entries[:-1]
        for difference in entry.differences
    }
    assert changes == {"masts": (1, 2), "custom.knots": (None, "7.5"), "crew": (None, {"added": [admin.pk]})}
    assert {(entry.actor, entry.means) for entry in entries} == {(admin.name, "form")}
    assert entries[-1].kind == "c"


def test_the_database_refuses_to_change_history(make_ship):
    """HIST-1: it cannot be edited."""
    make_ship()
    for attempt in (lambda: Change.objects.update(means="x"), lambda: Change.objects.all().delete()):
        with pytest.raises(Exception, match="history can't be changed"), transaction.atomic():
            attempt()


def test_redacting_removes_values_and_is_itself_kept(make_ship, by):
    """HIST-1, LEAD-8: the one audited function."""
    ship = make_ship(by=by, email="anna@kanal.example")
    writes.change(ship, {"email": "berta@kanal.example"}, by=by)
    with transaction.atomic(), connection.cursor() as cursor:
        by.set_on_connection()
        cursor.execute("SELECT kanal_redact('ships', %s, ARRAY['email'])", [ship.pk])
    rows = list(Change.objects.filter(entity="ships", record_id=ship.pk))
    assert "kanal.example" not in str([(row.old, row.new) for row in rows])
    assert rows[0].verb == "redact"
    with pytest.raises(Exception, match="history can't be changed"), transaction.atomic():
        Change.objects.update(means="x")


def test_a_verb_alone_skips_no_permission(make_ship, make_user):
    """ACC-7: an actor skips the checks in an action that was allowed, not by naming one."""
    ship, stranger = make_ship(), Actor(make_user(), verb="rename")
    with pytest.raises(NotAllowed):
        writes.change(ship, {"masts": 2}, by=stranger)
    changed = writes.change(ship, {"masts": 2}, by=stranger.within_action("rename"))
    assert changed.masts == 2


def test_all_that_is_wrong_is_said_at_its_field(db, by):
    """FORM-1: bad input gets a clear message at the right field."""
    wrong = {
        "name": "", "masts": "0", "length": "1.234", "rig": "brig", "price": {"amount": "x", "currency": "EUR"},
        "launched": "31.12.2026", "email": "nobody", "website": "javascript:alert(1)", "colour": "red", "crew": [999],
        "harbour": 99, "share": "101", "flags": ["x"], "phone": "none", "nothing": 1, "custom": {"nothing": 1},
    }  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        writes.create(registry.get("ships"), wrong, by=by)
    assert set(refusal.value.errors) == (set(wrong) - {"custom"}) | {"custom.nothing"}


def test_a_second_editor_is_told_what_changed(make_ship, by, make_user):
    """FORM-3: the second save is told field by field; nothing is lost."""
    ship = make_ship(by=by, masts=1)
    writes.change(ship, {"masts": 2}, by=by, expected=1)
    with pytest.raises(Conflict) as conflict:
        writes.change(ship, {"masts": 3}, by=by, expected=1)
    assert conflict.value.changes == {"masts": 2}


def test_a_guard_holds_for_change_bulk_and_deletion(make_ship, by):
    """SOLD-2 in general: a state that forbids changes forbids them by any way."""
    ship = make_ship(log="lost")
    with pytest.raises(Refused):
        writes.change(ship, {"name": "Found"}, by=by)
    with pytest.raises(Refused):
        writes.delete(ship, by=by)
    outcome = writes.change_many(type(ship).objects.all(), {"name": "Found"}, by=by)
    assert outcome.done == 0
    assert outcome.refused == [(ship.pk, "This ship is lost.")]


def test_permissions_are_asked_for(make_ship, make_user):
    """ACC-2: view is not edit; edit is not delete."""
    user = make_user(rules={"ships": ("all", ["view"])})
    ship = make_ship()
    actor = Actor(user, ChangeSource.API)
    for attempt in (
        lambda: writes.create(registry.get("ships"), {"name": "x"}, by=actor),
        lambda: writes.change(ship, {"name": "x"}, by=actor),
        lambda: writes.delete(ship, by=actor),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_field_rules_by_status(make_ship, make_user):
    """FORM-2: required, read-only or hidden by role and status."""
    user = make_user(rules={"ships": ("all", ["view", "edit"])})
    ship = make_ship(rig="sloop")
    FieldRule.objects.create(entity="ships", field="masts", status="sloop", mode="read_only")
    FieldRule.objects.create(entity="ships", field="length", status="sloop", mode="required")
    invalidate()
    actor = Actor(user, ChangeSource.FORM)
    with pytest.raises(Invalid) as refusal:
        writes.change(ship, {"masts": 3, "length": ""}, by=actor)
    assert set(refusal.value.errors) == {"masts", "length"}
    assert "masts" not in access.FieldContext(user, registry.get("ships"), "sloop").writable


def test_what_a_status_requires_is_asked_when_moving_to_it(make_ship, make_user):
    """FORM-2: a rule holds for the status that a record is about to get, alone and for many; a verb asks itself."""
    user = make_user(rules={"ships": ("all", ["view", "add", "edit"])})
    ship = make_ship(rig="ketch", length=None)
    FieldRule.objects.create(entity="ships", field="length", status="sloop", mode="required")
    invalidate()
    actor = Actor(user, ChangeSource.FORM)
    with pytest.raises(Invalid) as refusal:
        writes.change(ship, {"rig": "sloop"}, by=actor)
    assert refusal.value.messages() == ["“Length” is required at this status."]
    outcome = writes.change_many(type(ship).objects.filter(pk=ship.pk), {"rig": "sloop"}, by=actor)
    assert (outcome.done, outcome.refused) == (0, [(ship.pk, "“Length” is required at this status.")])
    with pytest.raises(Invalid):
        writes.create(registry.get("ships"), {"name": "Anna", "rig": "sloop"}, by=actor)
    assert writes.change(ship, {"rig": "sloop", "length": 12}, by=actor).length == 12


def test_bulk_is_as_strict_and_keeps_history(make_ship, by):
    """LIST-5, HIST-1: native and custom fields; one history row for each record that changed."""
    CustomField.objects.create(entity="ships", key="knots", name="Knots", kind="decimal")
    invalidate()
    ships = [make_ship(masts=1) for _ in range(4)]
    model = type(ships[0])
    writes.change(ships[0], {"masts": 2}, by=SYSTEM)
    outcome = writes.change_many(model.objects.all(), {"masts": 2, "custom": {"knots": 4}}, by=by)
    assert (outcome.done, outcome.refused) == (4, [])
    assert set(model.objects.values_list("masts", "custom__knots")) == {(2, "4")}
    assert Change.objects.filter(entity="ships", kind="u", actor_id=by.user_id).count() == 4
    with pytest.raises(Invalid):
        writes.create_many(registry.get("ships"), [{"name": "Ok"}, {"name": ""}], by=by)
    assert not model.objects.filter(name="Ok").exists()


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_lose_nothing(make_ship, by):
    """REL-2: two real connections change two fields of one record; both changes stand."""
    ship = make_ship()
    start = threading.Barrier(2)

    def edit(values):
        try:
            start.wait()
            writes.change(ship, values, by=by)
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=[values]) for values in ({"masts": 3}, {"length": "9"})]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ship.refresh_from_db()
    assert (ship.masts, ship.length, ship.revision) == (3, 9, 3)


@pytest.mark.django_db(transaction=True)
def test_numbers_of_a_series_are_drawn_once(db):
    """A running number is never given twice, even to two at once."""
    numbers: list[int] = []

    def draw():
        try:
            for _ in range(20):
                with transaction.atomic():
                    numbers.append(writes.next_number("quotes"))
        finally:
            connection.close()

    threads = [threading.Thread(target=draw) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 61))
