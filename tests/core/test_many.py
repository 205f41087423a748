"""Many records made at once are those that would have been made one by one, and cost a few statements (API-2)."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM, Actor, ChangeSource
from kanal.core.cache import invalidate
from kanal.core.models import CustomField, Series
from kanal.core.writes import sequences
from tests.core.traces import left_by, one_by_one, together

ITEMS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["Fram", "Gjøa", "Maud", "", "x" * 81])},
        optional={
            "masts": st.sampled_from([1, 3, "2", 0, "many"]),
            "rig": st.sampled_from(["sloop", "ketch", "barge", ""]),
            "assignee": st.sampled_from(["first", "second", "nobody", None]),
            "harbour": st.sampled_from(["harbour", "nobody", ""]),
            "project": st.sampled_from(["ours", "theirs", None]),
            "crew": st.lists(st.sampled_from(["first", "second"]), max_size=2),
            "price": st.sampled_from([{"amount": "12.50", "currency": "EUR"}, {"amount": "x"}, None]),
            "custom": st.sampled_from([{"knots": "7"}, {"knots": "fast"}, {}, "none", {"beam": 3}]),
            "flag": st.just("unknown"),
        },
    ),
    max_size=9,
)
FREE = settings(
    max_examples=40, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def named(items, known):
    """Put ids in the stead of names."""
    resolved_items = []
    for item in items:
        resolved_items.append(
            {key: known.get(value, value) if isinstance(value, str) else value for key, value in item.items()}
        )
        if "crew" in item:
            resolved_items[-1]["crew"] = [known[name] for name in item["crew"]]
    return resolved_items


def test_many_at_once_are_what_one_by_one_would_be(make_user, make_project, admin):
    """API-2: records, links, history, events, search and refusals are the same, whoever makes them."""
    CustomField.objects.create(entity="ships", key="knots", name="Knots", kind="decimal", searchable=True)
    entity, ours, theirs = registry.get("ships"), make_project(), make_project()
    known = {"nobody": 2**40, "ours": ours.pk, "theirs": theirs.pk}
    known |= {"first": make_user(last_name="One").pk, "second": make_user(last_name="Two").pk}
    known["harbour"] = writes.create(registry.get("harbours"), {"name": "Oslo"}, by=SYSTEM).pk
    limited = make_user(rules={"ships": ("own", ["view", "add"])}, project=ours)
    writers = [SYSTEM, Actor(admin, ChangeSource.API), Actor(limited, ChangeSource.API)]

    @FREE
    @given(items=ITEMS, by=st.sampled_from(writers))
    def check(items, by):
        wanted = named(items, known)
        assert left_by(together, entity, wanted, by) == left_by(one_by_one, entity, wanted, by)

    check()


@FREE
@given(names=st.lists(st.sampled_from(["Oslo", "Bergen", "Tromsø", "Molde", ""]), max_size=8))
def test_what_the_database_refuses_is_refused_to_the_same(db, names):
    """API-2: of two harbours of one name the first is made, as one by one."""
    entity, items = registry.get("harbours"), [{"name": name} for name in names]
    assert left_by(together, entity, items, SYSTEM) == left_by(one_by_one, entity, items, SYSTEM)


def statements(entity, items, by=SYSTEM):
    """Count the statements that it takes to make some records."""
    with CaptureQueriesContext(connection) as queries:
        outcome = writes.create_many(entity, items, by=by)
    assert outcome.done == len(items)
    return len(queries)


def test_a_thousand_cost_as_many_statements_as_ten(db, make_user, admin):
    """API-2: whatever they point at, by whomever they are made."""
    entity, crew, by = registry.get("ships"), [make_user().pk for _ in range(3)], Actor(admin, ChangeSource.API)
    harbours = writes.create_many(registry.get("harbours"), [{"name": f"H{n}"} for n in range(40)], by=SYSTEM).records
    items = [
        {"name": f"Ship {number}", "harbour": harbours[number % 40].pk, "crew": crew, "assignee": crew[number % 3]}
        for number in range(1000)
    ]
    few = statements(entity, items[:10], by)
    assert statements(entity, items, by) <= few < 30


def test_numbers_of_what_is_refused_are_drawn_again(db):
    """QUOTE-1: none is missing between those that are made, and the next is drawn behind them."""
    Series.objects.create(name="s", last=5)
    with sequences.drawn_together():
        assert [writes.next_number("s"), writes.next_number("t")] == [6, 1]
        marked = sequences.mark()
        assert [writes.next_number("s"), writes.next_number("u")] == [7, 1]
        sequences.back_to(marked)
        assert [writes.next_number("s"), writes.next_number("s")] == [7, 8]
    assert (writes.next_number("s"), writes.next_number("t"), writes.next_number("u")) == (9, 2, 1)
    invalidate()


def test_each_gets_its_own_values_by_few_statements(db, admin, make_user):
    """API-2: differing changes of many cost as many statements as those of ten; what is refused is named."""
    entity, by = registry.get("ships"), Actor(admin, ChangeSource.API)
    ships = writes.create_many(entity, [{"name": f"Ship {n}"} for n in range(300)], by=SYSTEM).records
    counts = []
    for some in (ships[:10], ships[10:299]):
        wanted = {ship.pk: {"name": f"Renamed {ship.pk}", "masts": 1 + ship.pk % 7} for ship in some}
        with CaptureQueriesContext(connection) as queries:
            assert writes.change_each(entity, wanted, by=by).problems == {}
        counts.append(len(queries))
    assert counts[1] <= counts[0] < 20
    assert entity.model.objects.get(pk=ships[40].pk).name == f"Renamed {ships[40].pk}"
    lost = ships[299].pk
    writes.change(ships[299], {"log": "lost"}, by=SYSTEM)
    wanted = {ships[0].pk: {"masts": 0}, ships[1].pk: {"masts": 50}, lost: {"masts": 2}, 2**40: {"masts": 1}}
    outcome = writes.change_each(entity, wanted, by=by, expected={ships[1].pk: 1})
    kinds = {pk: type(problem).__name__ for pk, problem in outcome.problems.items()}
    assert kinds == {ships[0].pk: "Invalid", ships[1].pk: "Conflict", lost: "Refused", 2**40: "NotFound"}
    reader = Actor(make_user(rules={"ships": ("all", ["view"])}), ChangeSource.API)
    refused = writes.change_each(entity, {lost: {"masts": 2}}, by=reader).problems
    assert [type(error).__name__ for error in refused.values()] == ["NotAllowed"]
