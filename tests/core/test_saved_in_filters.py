"""A saved filter as a condition of another filter (LIST-3a)."""

import pytest

from kanal.core import listing, query, registry
from kanal.core.cache import invalidate
from kanal.core.models import FieldVisibility, SavedFilter
from kanal.core.query import FilterContext, QueryError
from kanal.core.savedfilters import problem_of

pytestmark = pytest.mark.django_db
ALL = {"ships": ("all", ["view"])}


def keep(owner, text, **values):
    tree = query.to_json(query.parse(text))
    return SavedFilter.objects.create(name=text[:80], entity="ships", owner=owner, tree=tree, **values)


def names(user, text):
    ask = listing.ListQuery(entity=registry.get("ships"), user=user, node=query.parse(text))
    return {ship.name for ship in listing.records_of(ask)}


@pytest.fixture
def ships(make_ship):
    for name, rig in (("Fram", "sloop"), ("Gjoa", "ketch"), ("Anna", "")):
        make_ship(name=name, rig=rig or None)


def test_a_saved_filter_means_its_conditions(admin, ships):
    sloops, ketches = keep(admin, "rig:any(sloop)"), keep(admin, "rig:any(ketch)")
    assert names(admin, f"saved:is({sloops.pk})") == {"Fram"}
    assert names(admin, f"saved:any({sloops.pk},{ketches.pk})") == {"Fram", "Gjoa"}
    assert names(admin, f"saved:none({sloops.pk});name:starts(G)") == {"Gjoa"}
    assert names(admin, f"!saved:any({sloops.pk})") == {"Gjoa", "Anna"}
    SavedFilter.objects.filter(pk=sloops.pk).update(tree=query.to_json(query.parse("rig:empty")))
    assert names(admin, f"saved:is({sloops.pk})") == {"Anna"}, "one object wherever it serves"


@pytest.mark.parametrize("text", ["saved:any({0})", "!saved:any({0})", "saved:none({0})", "(saved:is({0})|name:set)"])
def test_one_that_is_gone_or_invalid_is_never_widened(admin, ships, text):
    """LIST-3a: not even where it is negated or an alternative."""
    saved = keep(admin, "rig:any(sloop)")
    for change in ({"problem": "A field is gone."}, {"problem": "", "tree": {"field": "gone", "op": "set"}}):
        SavedFilter.objects.filter(pk=saved.pk).update(**change)
        with pytest.raises(QueryError):
            names(admin, text.format(saved.pk))
    saved.delete()
    with pytest.raises(QueryError, match="There is no saved filter"):
        names(admin, text.format(99))


def test_a_stranger_can_not_name_it_nor_ask_by_it(admin, ships, make_user):
    """ACC-6: neither a filter that isn't shared, nor a hidden field inside one that is."""
    saved, reader = keep(admin, "price:set"), make_user(ALL)
    with pytest.raises(QueryError, match="There is no saved filter"):
        names(reader, f"saved:is({saved.pk})")
    SavedFilter.objects.update(audience="public")
    assert names(reader, f"saved:is({saved.pk})") == set()
    FieldVisibility.objects.create(entity="ships", field="price", user_types=["director"])
    invalidate()
    with pytest.raises(QueryError, match="There is no field"):
        names(reader, f"saved:is({saved.pk})")


def test_a_filter_of_another_type_is_none(admin, ships):
    saved = keep(admin, "")
    SavedFilter.objects.update(entity="users")
    with pytest.raises(QueryError, match="There is no saved filter"):
        names(admin, f"saved:is({saved.pk})")


def test_filters_that_contain_each_other_are_refused(admin, ships):
    first = keep(admin, "rig:any(sloop)")
    second = keep(admin, f"saved:is({first.pk})")
    assert names(admin, f"saved:is({second.pk})") == {"Fram"}
    SavedFilter.objects.filter(pk=first.pk).update(tree=query.to_json(query.parse(f"saved:is({second.pk})")))
    with pytest.raises(QueryError, match="contains itself"):
        names(admin, f"saved:is({second.pk})")


@pytest.mark.parametrize("text", ["saved:gt(1)", "saved:is", "saved:empty", "saved:is(x)"])
def test_other_operators_and_values_are_refused(admin, text):
    with pytest.raises(QueryError):
        query.condition(query.parse(text), registry.get("ships"), FilterContext(admin))


def test_filters_that_name_others_many_times_are_refused(admin, ships):
    """LIST-3a: each level would multiply the conditions of the one below, up to a statement of any size."""
    few = keep(admin, "rig:any(sloop)")
    text = ";".join(f"(saved:is({few.pk})|name:is({number}))" for number in range(12))
    many = keep(admin, text)
    assert names(admin, f"saved:is({many.pk})") == {"Fram"}
    for around in ("saved:is({0})", "id:is(1);saved:is({0})"):
        more = keep(admin, ";".join(f"({around.format(many.pk)}|name:is({number}))" for number in range(12)))
        with pytest.raises(QueryError, match="too many conditions with those of its saved filters"):
            names(admin, f"saved:is({more.pk})")


def test_a_filter_that_names_itself_has_a_problem(admin, ships):
    """LIST-3a: it is refused when it is stored, not when its list is opened."""
    saved = keep(admin, "rig:any(sloop)")
    assert problem_of(saved, registry.get("ships"), admin) == ""
    saved.tree = query.to_json(query.parse(f"saved:is({saved.pk})"))
    assert "contains itself" in problem_of(saved, registry.get("ships"), admin)
