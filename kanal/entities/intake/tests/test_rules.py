"""Reading, mapping and normalizing what comes (INTAKE-1, 3)."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.entities.intake import bodies, rules

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)


def test_bodies_of_each_kind_are_read():
    assert bodies.read_body(b'{"email": "a@b.example"}', "application/json") == ([{"email": "a@b.example"}], False)
    assert bodies.read_body(b'\xef\xbb\xbf[{"a": 1}, {"a": 2}]', "") == ([{"a": 1}, {"a": 2}], True)
    form = b"email=a%40b.example&name=Anna+Berg&interest=x&interest=y"
    assert bodies.read_body(form, "application/x-www-form-urlencoded; charset=utf-8")[0] == [
        {"email": "a@b.example", "name": "Anna Berg", "interest": "x, y"}
    ]
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nBj\xc3\xb8rn\r\n'
        b'--x\r\nContent-Disposition: form-data; name="cv"; filename="a.txt"\r\n\r\nfile\r\n--x--\r\n'
    )
    assert bodies.read_body(parts, "multipart/form-data; boundary=x")[0] == [{"name": "Bjørn"}]


@pytest.mark.parametrize("body", [b"", b"{", b"12", b"[]", b"\xff\xfe", b"[" * 5000])
def test_what_can_not_be_read_says_why(body):
    with pytest.raises(bodies.UnreadableError, match=r"\w"):
        bodies.read_body(body, "application/json")


def test_a_list_holds_a_thousand_leads():
    assert len(bodies.read_body(b"[" + b"{}," * 999 + b"{}]", "")[0]) == 1000
    with pytest.raises(bodies.TooManyError):
        bodies.read_body(b"[" + b"{}," * 1000 + b"{}]", "")


@given(
    st.binary(max_size=200),
    st.sampled_from(
        ["", "multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded"]
    ),
)
def test_no_body_breaks_the_reading(body, kind):
    with contextlib.suppress(bodies.UnreadableError):
        bodies.read_body(body, kind)
    bodies.shown(body)


def test_mapping_transforms_fixes_and_splits_names():
    mapping = {
        "fields": [
            {"from": "contact.mail", "to": "email", "do": ["trim", "lower"]},
            {"from": "who", "to": "first_name", "do": ["first_word", "title"]},
            {"from": "who", "to": "last_name", "do": ["rest", "title"]},
            {"from": "q1", "to": "description"},
            {"from": "q2", "to": "description"},
        ],
        "fixed": {"channel": "web_form"},
    }
    data = {"contact": {"mail": " A@B.Example "}, "who": "anna de berg", "q1": "Pumps", "q2": "Soon", "City": "Oslo"}
    assert rules.apply_mapping(mapping, data) == {
        "email": "a@b.example", "first_name": "Anna", "last_name": "De Berg", "description": "Pumps\nSoon",
        "city": "Oslo", "channel": "web_form",
    }  # fmt: skip
    assert rules.apply_mapping({}, {"Full Name": "Berg, Anna"}) == {"first_name": "Anna", "last_name": "Berg"}
    assert rules.apply_mapping({}, {"assignee": 1, "partner": 2, "status": "qualified", "name": "Anna"}) == {
        "first_name": "", "last_name": "Anna"
    }  # fmt: skip


@given(st.dictionaries(st.text(max_size=12), ANY_JSON, max_size=6))
def test_no_data_breaks_mapping_and_normalizing(data):
    values, _notes = rules.normalize(rules.apply_mapping({}, data), {})
    assert not set(values) & {"assignee", "partner", "account"}


def test_values_are_normalized():
    values, notes = rules.normalize(
        {"country": "Norge", "phone": "22 33 44 55", "email": "Mailto:A@b.example", "value": "12 500,50"}, {}
    )
    assert (values["country"], values["phone"], values["email"]) == (
        "NO",
        "+4722334455",
        "mailto:A@b.example"[7:].lower(),
    )
    assert (values["value"]["amount"], notes) == ("12500.50", [])
    assert rules.country_code("Deutschland") == "DE"
    assert rules.normalize({"country": "Atlantis"}, {})[1]


def test_companies_and_persons_are_compared():
    anna = {"email": "", "phone": "+4722334455", "last_name": "Berg"}
    assert rules.is_same_person(anna, {**anna, "email": "a@b.example"})
    assert not rules.is_same_person(anna, {**anna, "last_name": "Dahl"})
    assert not rules.is_same_person({**anna, "phone": ""}, {**anna, "phone": ""})


@pytest.mark.parametrize(
    "mapping", [[], {"x": 1}, {"fields": 3}, {"fields": [{"from": "a", "to": "nothing"}]}, {"fixed": {"nothing": 1}},
                {"fields": [{"from": "a", "to": "email", "do": ["explode"]}]}, {"fields": [{"to": "email"}]}],
)  # fmt: skip
def test_a_wrong_mapping_is_refused(mapping):
    with pytest.raises(ValueError, match=r"\w"):
        rules.check_mapping(mapping, {"email": None})
