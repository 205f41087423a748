"""The timeline of a record: sentences, amounts, what was done at one go, what belongs to the record (DET-2)."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.core import history, registry, writes
from kanal.core.actor import SYSTEM, Actor
from kanal.web import timeline
from kanal.web.timeline import MOST_SHOWN, timeline_of, told_of
from kanal.web.timeline_changes import joined
from tests.web.typing_in import record_of

ENTITIES = pytest.mark.parametrize("key", registry.keys())


def items_of(user, record, kind=""):
    """Return the items of a record's timeline."""
    return timeline.items_of(user, registry.of(record), record, kind)


def test_a_sentence_escapes_the_names_in_it():
    """SEC-3: also a percent sign."""
    assert told_of("%(who)s <i>", "<b>100 %s</b>") == "<strong>&lt;b&gt;100 %s&lt;/b&gt;</strong> &lt;i&gt;"
    assert told_of("%(type)s by %(who)s", "A", type="<x>") == "&lt;x&gt; by <strong>A</strong>"


@ENTITIES
def test_every_type_has_a_timeline_of_every_kind(world, browse, key):
    """DET-2: filtered by kind; what is shown of one kind is of that kind."""
    entity, record, user = registry.get(key), record_of(world, key), world.users["administrator"]
    for kind in timeline_of(user, entity, record).kinds:
        items = items_of(user, record, kind["key"])
        assert kind["key"] == "" or {item.kind for item in items} <= {kind["key"]}
    answer = browse().get(f"{entity.url(record.pk)}?part=timeline&shown=99999", headers={"HX-Request": "true"})
    assert answer.status_code == 200


def test_an_amount_has_its_currency(world):
    """Design 31: a number without one says little."""
    lead, user = world.find("leads"), world.users["administrator"]
    writes.change(lead, {"value": {"amount": "1234", "currency": "NOK"}}, by=Actor(user))
    writes.change(lead, {"value": {"amount": "2345", "currency": "NOK"}}, by=Actor(user))
    lead.refresh_from_db()
    (item,) = [item for item in items_of(user, lead, "changes") if any("2,345" in line for line in item.lines)]
    assert any(line.startswith("Estimated value:") and "NOK" in line for line in item.lines)


def entry(minute, *, actor=1, verb="", kind="u", **values):
    """Return a change of some fields: name=(old, new)."""
    differences = tuple(
        history.reading.Difference(SimpleNamespace(key=key), old, new) for key, (old, new) in values.items()
    )
    at = dt.datetime(2026, 5, 6, 9, minute, tzinfo=dt.UTC)
    return history.Entry(minute, at, kind, actor, f"User {actor}", "form", verb, differences)


def values_of(change):
    """Return the fields of a change: name=(old, new)."""
    return {difference.field.key: (difference.old, difference.new) for difference in change.differences}


def test_what_one_person_does_at_one_go_is_one_event():
    """DET-2: with the first and the last values; what is as before is left out."""
    (change,) = joined([entry(9, name=("b", "c"), place=("y", "x")), entry(5, name=("a", "b"), place=("x", "y"))])
    assert values_of(change) == {"name": ("a", "c")}
    assert change.id == 9


@pytest.mark.parametrize("other", [{"actor": 2}, {"verb": "sold"}, {"kind": "c"}])
def test_others_and_actions_stay_events_of_their_own(other):
    """DET-2: who did what is never blurred."""
    assert len(joined([entry(9, name=("b", "c")), entry(5, name=("a", "b"), **other)])) == 2


def test_what_lies_apart_in_time_stays_apart():
    """DET-2: ten minutes are one go, an hour isn't."""
    assert len(joined([entry(30, name=("b", "c")), entry(5, name=("a", "b"))])) == 2


def test_the_planned_stand_first_and_the_overdue_are_marked(world):
    """ACT-3: the next one first."""
    lead, user = world.find("leads"), world.users["administrator"]
    now = timezone.now()
    for subject, days in (("Later", 9), ("Sooner", 2), ("Late", -3)):
        values = {"subject": subject, "category": "call", "lead": lead.pk, "start": now + dt.timedelta(days=days)}
        writes.create(registry.get("activities"), values, by=SYSTEM)
    first = next(iter(timeline.sections_of(items_of(user, lead))))
    planned = [item for item in first.items if item.text in ("Late", "Sooner", "Later")]
    assert first.title == "Planned"
    assert [item.text for item in planned] == ["Late", "Sooner", "Later"]
    assert [item.is_overdue for item in planned] == [True, False, False]


def test_what_was_done_early_stands_at_the_time_when_it_was_done(world):
    """DET-2: nothing that has happened stands in the future."""
    lead, user = world.find("leads"), world.users["administrator"]
    start = timezone.now() + dt.timedelta(days=9)
    values = {"subject": "Early", "category": "call", "lead": lead.pk, "start": start, "done": True}
    writes.create(registry.get("activities"), values, by=SYSTEM)
    (item,) = [item for item in items_of(user, lead, "activities") if item.text == "Early"]
    assert not item.is_planned
    assert item.at <= timezone.now()


def test_what_belongs_to_a_record_is_on_its_timeline(world):
    """DET-2: quotes on the opportunity, opportunities and contracts on the account."""
    user = world.users["administrator"]
    for key, parent, field in (("quotes", "opportunities", "opportunity"), ("opportunities", "accounts", "account")):
        child = record_of(world, key)
        holder = getattr(child, field)
        assert registry.of(holder).key == parent
        urls = [item.url for item in items_of(user, holder, "records")]
        assert registry.get(key).url(child.pk) in urls


@pytest.mark.parametrize("name", ["director", "representative", "partner", "read-only", "stranger"])
def test_nobody_sees_what_they_may_not_on_a_timeline(world, name):
    """ACC-7: a record created on another one is named only to those who see it."""
    from kanal.core.access import visible_to

    user = world.users[name]
    for key in ("accounts", "opportunities", "leads", "contacts", "partners"):
        for item in items_of(user, record_of(world, key), "records"):
            path, pk = item.url.strip("/").rsplit("/", 1)
            target = next(entity for entity in registry.all_entities() if entity.path == path)
            assert visible_to(user, target).filter(pk=pk).exists(), (name, item.url)


def test_the_statements_do_not_grow_with_the_events(world):
    """PERF-4: one per source, however many events there are."""
    lead, user, entity = world.find("leads"), world.users["administrator"], registry.get("leads")

    def count():
        timeline_of(user, entity, lead)
        with CaptureQueriesContext(connection) as queries:
            timeline_of(user, entity, lead)
        return len(queries)

    before = count()
    for number in range(12):
        values = {"subject": f"Call {number}", "category": "call", "lead": lead.pk, "start": timezone.now()}
        writes.create(registry.get("activities"), values, by=SYSTEM)
        writes.change(lead, {"priority": number}, by=SYSTEM)
    assert count() <= before + 1  # names of people, where there were none


def test_earlier_events_are_shown_on_demand(world):
    """DET-2: forty at first, further ones by a link, up to a limit."""
    lead, user, entity = world.find("leads"), world.users["administrator"], registry.get("leads")
    start = timezone.now()
    for number in range(45):
        values = {"subject": f"Call {number}", "category": "call", "lead": lead.pk, "done": True}
        values["start"] = start - dt.timedelta(days=number)
        writes.create(registry.get("activities"), values, by=SYSTEM)
    shown = timeline_of(user, entity, lead, "activities")
    assert (shown.html.count("<li "), shown.more) == (40, 80)
    further = timeline_of(user, entity, lead, "activities", shown.more)
    assert further.html.count("<li ") >= 45
    assert further.more == 0
    assert timeline_of(user, entity, lead, "activities", 10**9).more == 0 < MOST_SHOWN
