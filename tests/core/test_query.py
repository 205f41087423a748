"""What filters mean on records, native and custom fields alike (LIST-2, CF-3), and what can't be probed (LIST-3a)."""

import datetime as dt

import pytest
from django.utils import timezone

from kanal.core import query, registry
from kanal.core.cache import invalidate
from kanal.core.models import Category, CustomField, FieldVisibility


@pytest.fixture
def ships(db, make_ship, make_user):
    """Make three ships that differ in everything."""
    Category.objects.create(group="trade", key="spice", name="Spice")
    for key, kind in (("note", "text"), ("knots", "decimal"), ("built", "date"), ("fast", "boolean"), ("fee", "money")):
        CustomField.objects.create(entity="ships", key=key, name=key, kind=kind)
    choices = [{"key": "red", "label": "Red"}, {"key": "blue", "label": "Blue"}]
    CustomField.objects.create(entity="ships", key="paint", name="Paint", kind="choice", choices=choices)
    CustomField.objects.create(entity="ships", key="paints", name="Paints", kind="choices", choices=choices)
    invalidate()
    today = timezone.localdate()
    make_ship(
        name="Ænea Blåskjær", rig="sloop", flags=["sloop"], trade="spice", masts=1, length="12.50", launched=today,
        price={"amount": "1000", "currency": "USD"}, afloat=True,
        custom={"note": "Élan", "knots": "7.5", "built": "2020-05-01", "fast": True, "paint": "red", "paints": ["red"],
                "fee": {"amount": "5", "currency": "EUR"}},
    )  # fmt: skip
    make_ship(
        name="Beta 100%", rig="ketch", masts=2, length="30", launched=today - dt.timedelta(days=40), afloat=False,
        price={"amount": "1000", "currency": "EUR"}, sails_at=timezone.now(),
        custom={"knots": "12", "built": "2024-01-01", "paint": "blue", "paints": ["red", "blue"]},
    )  # fmt: skip
    make_ship(name="Gamma_x")


def names(text, user=None):
    """Return the names of the ships that a filter finds."""
    entity = registry.get("ships")
    condition = query.condition(query.parse(text), entity, query.FilterContext(user))
    return [name[0] for name in entity.model.objects.filter(condition).order_by("pk").values_list("name", flat=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name:contains(blask)", "Æ"), ("name:starts(aen)", "Æ"), ("name:contains(100%25)", "B"),
        ("name:contains(_)", "G"), ("name:is(BETA 100%25)", "B"), ("name:not(beta 100%25)", "ÆG"),
        ("rig:any(sloop,ketch)", "ÆB"), ("rig:none(sloop)", "BG"), ("rig:empty", "G"), ("rig:set", "ÆB"),
        ("flags:any(sloop)", "Æ"), ("flags:empty", "BG"), ("trade:is(spice)", "Æ"), ("trade:not(spice)", "BG"),
        ("masts:gt(1)", "B"), ("masts:lt(2)", "Æ"), ("masts:between(1,2)", "ÆB"), ("masts:empty", "G"),
        ("length:is(12.5)", "Æ"), ("price:gt(950,EUR)", "B"), ("price:gt(950,USD)", "ÆB"), ("price:lt(1000)", "Æ"),
        ("launched:on(today)", "Æ"), ("launched:before(today)", "B"), ("launched:within(last,30,days)", "Æ"),
        ("launched:older(21,days)", "B"), ("launched:empty", "G"), ("sails_at:on(today)", "B"),
        ("sails_at:within(this,week)", "B"), ("afloat:is(true)", "ÆG"), ("afloat:is(false)", "B"),
        ("custom.note:contains(elan)", "Æ"), ("custom.note:empty", "BG"), ("custom.knots:gt(7.5)", "B"),
        ("custom.knots:between(7,12)", "ÆB"), ("custom.built:before(2021-01-01)", "Æ"), ("custom.fast:is(true)", "Æ"),
        ("custom.fast:is(false)", "BG"), ("custom.paint:any(red)", "Æ"), ("custom.paint:none(red)", "BG"),
        ("custom.paints:any(blue)", "B"), ("custom.fee:gt(4)", "Æ"),
        ("!rig:is(sloop)", "BG"), ("(masts:is(1)|masts:is(2));afloat:is(true)", "Æ"), ("", "ÆBG"),
    ],
)  # fmt: skip
def test_operators(ships, text, expected):
    """LIST-2: every operator by kind of field; CF-3: custom fields like native ones."""
    assert "".join(names(text)) == expected
    opposite = f"!({text})" if text else "id:empty"
    assert sorted(names(text) + names(opposite)) == sorted(names(""))


@pytest.mark.parametrize(
    "text",
    ["nothing:is(1)", "name:gt(1)", "rig:any(brig)", "masts:gt(x)", "price:gt(1,QQQ)", "launched:on(someday)",
     "launched:within(last,x,days)", "harbour.nothing:is(1)", "name.x:is(1)", "custom.nothing:is(1)", "masts:gt(1,2)",
     "masts:gt", "launched:within(last,99999999,days)", "project:is(9999999999999999999999)", "price:gt(NaN)"],
)  # fmt: skip
def test_a_filter_that_does_not_fit_is_refused(ships, text):
    """docs/api.md: a wrong filter says what is wrong."""
    with pytest.raises(query.QueryError):
        names(text)


def test_one_relation_away(ships, make_ship, by):
    """LIST-2: fields one relation away by a dot; negation includes ships without a harbour."""
    from kanal.core import writes

    harbour = writes.create(registry.get("harbours"), {"name": "Bergen", "country": "NO"}, by=by)
    make_ship(name="Delta", harbour=harbour.pk)
    assert names("harbour.country:is(NO)") == ["D"]
    assert names(f"harbour.name:contains(berg);harbour:any({harbour.pk})") == ["D"]
    assert "D" not in names("harbour.country:empty")


def test_me_and_my_team(ships, make_ship, make_user):
    """LIST-2: me, my team; nobody's subordinates are nobody."""
    boss = make_user(user_type="administrator")
    seller = make_user(supervisor=boss.pk)
    make_ship(name="Mine", assignee=seller.pk)
    make_ship(name="Own", assignee=boss.pk, crew=[seller.pk])
    assert names("assignee:any(me)", boss) == ["O"]
    assert names("assignee:any(my team)", boss) == ["M", "O"]
    assert names(f"crew:any({seller.pk})", boss) == ["O"]


def test_a_hidden_field_can_not_be_probed(ships, make_user):
    """LIST-3a, ACC-6: a field that a user may not see is no field, in filters and in sorts."""
    user = make_user(rules={"ships": ("all", ["view"])})
    FieldVisibility.objects.create(entity="ships", field="masts", users=[])
    FieldVisibility.objects.create(entity="ships", field="custom.knots", users=[])
    invalidate()
    entity, reader = registry.get("ships"), query.FilterContext(user)
    for key in ("masts", "custom.knots"):
        with pytest.raises(query.QueryError, match="no field"):
            names(f"{key}:gt(1)", user)
        with pytest.raises(query.QueryError, match="no field"):
            query.order_of(f"-{key}", entity, reader)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("afloat:any(true,false)", "ÆBG"), ("afloat:none(true,false)", ""), ("custom.fast:any(no,yes)", "ÆBG"),
        ("launched:is(today,2020-01-01)", "Æ"), ("launched:not(today)", "BG"),
        ("launched:on(2020-01-01,today)", "Æ"), ("custom.built:on(2024-01-01,2020-05-01)", "ÆB"),
        ("custom.built:on(2024-01-01,2030-05-01)", "B"),
    ],
)  # fmt: skip
def test_values_inside_one_condition_are_alternatives(ships, text, expected):
    """LIST-2: values inside one condition combine by OR, for days and for yes and no as well."""
    assert "".join(names(text)) == expected
    assert sorted(names(text) + names(f"!{text}")) == sorted(names(""))


@pytest.mark.parametrize(
    "text",
    ["name:empty(no)", "name:set(1)", "launched:before(today,tomorrow)", "launched:on(2026-03-31x)",
     "sails_at:before(2026-03-31T25:00)", "sails_at:between(2026-03-31T10:00Z)",
     "sails_at:within(last,2026-03-31T10:00)"],
)  # fmt: skip
def test_what_would_be_ignored_is_refused(ships, text):
    """LIST-2: a value that no rule reads is no value."""
    with pytest.raises(query.QueryError):
        names(text)


def test_a_moment_is_no_day(make_ship):
    """LIST-2: a moment in a condition is that moment, with or without its offset; a day beside it is all of the day."""
    for name, moment in (("A", "2026-03-31T09:59:59Z"), ("B", "2026-03-31T10:00:00Z"), ("C", "2026-04-01T22:30:00Z")):
        make_ship(name=name, sails_at=moment)
    for text, expected in (
        ("before(2026-03-31T10:00:00Z)", "A"), ("after(2026-03-31T10:00:00Z)", "C"), ("is(2026-03-31T10:00Z)", "B"),
        ("after(2026-03-31T11:59:59.5+02:00)", "BC"), ("after(2026-03-31T11:59:59.5 02:00)", "BC"),
        ("between(2026-03-31T10:00Z,2026-04-01T22:30Z)", "BC"), ("not(2026-03-31T10:00Z)", "AC"),
        ("between(2026-03-31,2026-03-31T10:00Z)", "AB"), ("on(2026-03-31T10:00Z,2026-03-31T09:59:59Z)", "AB"),
    ):  # fmt: skip
        assert "".join(names(f"sails_at:{text}")) == expected, text
