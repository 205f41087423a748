"""Bad input at the pages of lists: no rows, and what is wrong in a sentence (LIST-2, LIST-3a)."""

import json
from html import unescape
from urllib.parse import quote

import pytest

from kanal.core import registry
from kanal.core.cache import invalidate
from kanal.core.models import FieldVisibility, SavedFilter
from kanal.core.query import QueryError, from_json

LIST = "/fakes/ships/data/"
DEEP = 10_000


@pytest.fixture
def signed_in(client, admin):
    """Return a browser of an administrator."""
    client.force_login(admin)
    return client


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("filter=" + "a" * 1_000_000, "at most 20000 characters"),
        ("filter=name:is(Anna);" + " " * 1_000_000, "at most 20000 characters"),
        ("filter=" + "(" * DEEP, "nested too deeply"),
        ("filter=" + "!" * DEEP + "id:is(1)", "nested too deeply"),
        ("filter=" + ";".join(["masts:is(1)"] * 201), "too many conditions"),
        ("filter=price:gt(1e999999)", "1e999999"),
        ("filter=launched:before(0001-01-01)", "0001-01-01"),
        ("filter=sails_at:after(9999-12-31)", "9999-12-31"),
        ("filter=owner_ids:any(1)", "There is no field “owner_ids”"),
        ("sort=private_to", "There is no field “private_to”"),
        ("group=private_to", "There is no field “private_to”"),
        ("cursor=AAAA", "page link has expired"),
    ],
)
def test_a_wrong_list_shows_no_rows_and_says_why(signed_in, make_ship, query, said):
    """LIST-2: never silently widened, never a fault."""
    make_ship(name="Anna")
    answer = signed_in.get(f"{LIST}?{quote(query, safe='=&:(),;!')}")
    text = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert said.replace("20000", "20,000") in text.replace("20000", "20,000")
    assert "/fakes/ships/1" not in text
    assert ">Anna<" not in text


@pytest.mark.parametrize("place", ["filter={}:gt(1)", "sort={}", "sort=-{}", "group={}"])
def test_a_hidden_field_is_like_an_unknown_one(client, make_user, make_ship, place):
    """LIST-3a: a field that a user may not see can't be probed by filter, sort or grouping."""
    make_ship(name="Anna", price={"amount": "5", "currency": "EUR"})
    FieldVisibility.objects.create(entity="ships", field="price", user_types=["administrator"])
    invalidate()
    client.force_login(make_user(rules={"ships": ("all", ["view"])}))
    shown = [unescape(client.get(f"{LIST}?{place.format(name)}").content.decode()) for name in ("price", "nosuch")]
    for text, name in zip(shown, ("price", "nosuch"), strict=True):
        assert f"There is no field “{name}”" in text
        assert ">Anna<" not in text


@pytest.mark.parametrize(
    "tree",
    [
        json.loads('{"not":' * 50 + "{}" + "}" * 50), {"all": 1}, {"any": {}}, {"all": [1]}, [], 1, "x", {"field": 1},
        {"field": "name", "op": "is", "values": 5}, {"field": "name", "op": "like"},
        {"field": "name", "op": "is", "values": ["\x00"]},
        {"all": [{"field": "masts", "op": "is", "values": ["1"]}] * 201}, {"field": ["name"], "op": []},
    ],
)  # fmt: skip
def test_a_filter_in_json_that_is_none_is_refused(tree):
    """LIST-2: saved filters and the splitter's conditions; a QueryError says why."""
    with pytest.raises(QueryError, match=r"\w"):
        from_json(tree)


def test_a_filter_in_json_nested_ten_thousand_deep_is_refused():
    """LIST-2: without running out of stack."""
    tree = {}
    for _level in range(DEEP):
        tree = {"not": tree}
    with pytest.raises(QueryError, match="nested too deeply"):
        from_json(tree)


@pytest.mark.parametrize("tree", [{"all": 1}, {"field": "nosuch", "op": "is", "values": ["1"]}])
def test_a_saved_filter_that_is_none_matches_nothing(signed_in, admin, make_ship, tree):
    """LIST-3a: switched off with the reason; the list it stands on works all the same."""
    make_ship(name="Anna")
    saved = SavedFilter.objects.create(name="Broken", entity="ships", owner=admin, tree=tree)
    assert signed_in.get(LIST).status_code == 200
    assert signed_in.get("/saved-filters/ships/").status_code == 200
    answer = signed_in.get(f"{LIST}?saved={saved.pk}")
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "conditions",
    ["(" * DEEP, '{"not":' * DEEP + "1" + "}" * DEEP, json.dumps({"text": "!" * DEEP}), '"\\u0000"', "NaN", "1e999999",
     '"\\ud800"', '{"all": 1}', "a" * 1_000_000],
)  # fmt: skip
def test_conditions_of_the_splitter_are_refused(signed_in, conditions):
    """SPLIT-1, SEC-3: a form with such conditions is shown again with what is wrong, and stores nothing."""
    entity = registry.get("splitter-filters")
    before = entity.model.objects.count()
    answer = signed_in.post(f"/{entity.path}/new", {"name": "A", "conditions": conditions})
    assert answer.status_code in (200, 413, 422)
    assert entity.model.objects.count() == before


@pytest.mark.parametrize(
    "name", ["name", "log", "email", "phone", "website", "colour", "masts", "price", "launched", "rig"]
)
def test_nul_in_a_form_is_refused(signed_in, name):
    """SEC-3: PostgreSQL refuses NUL; the form says so at the field."""
    model = registry.get("ships").model
    answer = signed_in.post("/fakes/ships/new", {"name": "Anna", name: "a\x00b"})
    assert answer.status_code in (200, 422)
    assert not model.objects.exists()
