"""Queries that are put together once: the statement is kept, the answer and the rights never (ACC-7)."""

import pytest
from django.db import connection
from django.db.models import BigAutoField, Exists, F, Q, Value
from django.db.models.lookups import In, LessThan
from django.db.transaction import TransactionManagementError

from kanal.core import access, registry, tokens, writes
from kanal.core.access.queryset import access_condition, condition_for
from kanal.core.access.shortcuts import display_names, one_of
from kanal.core.actor import SYSTEM
from kanal.core.listing import ListQuery, read_page
from kanal.core.models import RoleRule
from kanal.core.query import parse
from kanal.core.query.compiled import CompiledQuery, Param, _cached, _cached_filtered, compiled, is_hashable
from kanal.kit.errors import NotAllowed, NotFound
from tests.api.conftest import SHIPS, call

__all__ = ["call"]
ALL = ["view", "add", "edit", "delete"]


def test_a_query_is_put_together_once_and_asked_each_time(make_ship):
    """The same statement gives what stands in the database now, for each id its own record."""
    ships = registry.get("ships")
    ship, other = make_ship(name="Vega"), make_ship(name="Rigel")
    shape = (one_of, ships, Q(name__in=["Vega", "Rigel"]), None, False)
    assert compiled(*shape) is compiled(*shape)
    assert [compiled(*shape).first(pk=row.pk).name for row in (ship, other)] == ["Vega", "Rigel"]
    writes.change(other, {"name": "Sirius"}, by=SYSTEM)
    assert compiled(*shape).first(pk=other.pk) is None


def test_what_holds_another_query_is_not_kept(make_ship):
    """Two queries can't be told apart, so a condition with one is put together anew."""
    ships = registry.get("ships")
    inner = Q(pk__in=ships.model.objects.filter(name="Vega").values("pk"))
    assert not is_hashable(Q(name="Vega") & inner)
    assert compiled(one_of, ships, inner, None, False) is not compiled(one_of, ships, inner, None, False)
    assert compiled(one_of, ships, inner, None, False).first(pk=make_ship(name="Vega").pk).name == "Vega"
    nothing = CompiledQuery(ships.model.objects.filter(pk__in=[], pk=Param("pk", BigAutoField())))
    assert nothing.ask(pk=1) == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_lock_needs_a_transaction(make_ship):
    """A row that is locked for one statement alone would be locked for nothing."""
    from django.db import transaction

    ships, ship = registry.get("ships"), make_ship(name="Vega")
    with transaction.atomic():
        assert compiled(one_of, ships, None, None, True).first(pk=ship.pk).name == "Vega"
    with pytest.raises(TransactionManagementError):
        compiled(one_of, ships, None, None, True).first(pk=ship.pk)


def test_a_changed_role_counts_at_once(make_ship, make_user):
    """ACC-2: what may be seen and edited follows the role as it is now, though the statement was kept."""
    ships = registry.get("ships")
    user = make_user(rules={"ships": ("all", ALL)})
    ship = make_ship(name="Vega")
    assert access.get_for(user, ships, ship.pk, "edit").name == "Vega"
    RoleRule.objects.filter(entity="ships").update(actions=["view"])
    access.forget_permissions(user)
    with pytest.raises(NotAllowed):
        access.get_for(user, ships, ship.pk, "edit")
    RoleRule.objects.filter(entity="ships").update(visibility="own")
    access.forget_permissions(user)
    with pytest.raises(NotFound):
        access.get_for(user, ships, ship.pk)


def test_a_revoked_token_ends_at_once(call, make_ship, admin):
    """ACC-9: a token is looked for at each request, also where one was found before by the same statement."""
    ship = make_ship(name="Vega")
    assert [call("GET", f"{SHIPS}/{ship.pk}")[0] for _ in range(2)] == [200, 200]
    tokens.ApiToken.objects.all().delete()
    assert call("GET", f"{SHIPS}/{ship.pk}")[0] == 401


def test_requests_of_the_api_cost_few_statements(call, make_ship, django_assert_max_num_queries):
    """PERF-8: get is the token and the record with its links; a change reads the record once, locked, and once after.

    Four statements of each make the token, which the audit log notes.
    """
    ship = make_ship(name="Vega")
    for method, url, data, most in (
        ("GET", f"{SHIPS}/{ship.pk}", None, 6),
        ("GET", f"{SHIPS}?limit=100", None, 8),
        ("PATCH", f"{SHIPS}/{ship.pk}", {"name": "Rigel"}, 12),
    ):
        call(method, url, data)
        with django_assert_max_num_queries(most, connection=connection):
            assert call(method, url, data and {"name": "Sirius"})[0] == 200


def test_a_condition_on_a_parent_is_kept_too_but_never_asked_as_a_column(make_user):
    """PERF-4: what a child's parent decides is told from other conditions; as a column it would read all parents."""
    quotes = registry.get("quotes")
    users = [make_user(rules={"opportunities": ("own", ["view"]), "quotes": ("own", ["view"])}) for _ in range(2)]
    first, again, other = (condition_for(user, quotes) for user in (users[0], users[0], users[1]))
    assert first == again != other
    assert hash(first) == hash(again)
    assert is_hashable(first)
    assert not access_condition(users[0], quotes).is_local
    assert access_condition(users[0], registry.get("opportunities")).is_local


def test_any_number_of_ids_is_one_statement(make_ship):
    ships = registry.get("ships")
    made = [make_ship(name=f"Ship {number}").pk for number in range(3)]
    _cached.cache_clear()
    for ids in (made, made[:1], [*made, 2**40]):
        assert set(display_names(None, ships, ids)) == set(ids) & set(made)
    assert _cached.cache_info().currsize == 1


def test_a_condition_of_expressions_is_told_by_what_they_are_made_of(make_user):
    """LEAD-4: the moment up to which a taken lead is told stands in the statement as the database's own clock."""
    leads = registry.get("leads")
    user = make_user(rules={"leads": ("own", ["view", "take"])})
    assert condition_for(user, leads) == condition_for(user, leads)
    assert is_hashable(condition_for(user, leads))
    assert is_hashable(Q(LessThan(F("masts"), Value(3))))
    assert Q(LessThan(F("masts"), Value(3))) != Q(LessThan(F("masts"), Value(4)))
    ships = registry.get("ships").model.objects.all()
    for nested in (Q(pk__in=ships), Q(Exists(ships)), Q(In(F("pk"), ships.query))):
        assert not is_hashable(nested)


def test_searches_push_out_no_usual_statement(make_ship, admin):
    """PERF-4: texts and filters are ever others; they are kept apart from the statements that all ask for."""
    ask = ListQuery(registry.get("ships"), admin, sort="name")
    make_ship(name="Vega")
    _cached.cache_clear()
    _cached_filtered.cache_clear()
    read_page(ask)
    usual = _cached.cache_info().currsize
    assert usual > 0
    for letter in "abcdef":
        read_page(ask.but(text=f"ve{letter}"))
        read_page(ask.but(node=parse(f"name:contains({letter})")))
    assert (_cached.cache_info().currsize, _cached_filtered.cache_info().currsize) == (usual, 12)
