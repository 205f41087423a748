"""Reading, mapping and normalizing what comes (INTAKE-1, 3)."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kanal.core.fields.from_model import model_field
from kanal.entities.intake import bodies, incoming, paths, rules
from kanal.entities.intake.checking import check_mapping
from kanal.entities.intake.conditions import lead_entries, why_ignored
from kanal.entities.intake.values import Context, consent_in, read_values
from kanal.entities.leads.models import Lead

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


@pytest.mark.parametrize("body", [b"{", b"12", b"[]", b"\xff\xfe", b"[" * 5000])
def test_what_can_not_be_read_says_why(body):
    with pytest.raises(bodies.UnreadableError, match=r"\w"):
        bodies.read_body(body, "application/json")


def test_a_list_holds_a_thousand_leads():
    assert len(bodies.read_body(b"[" + b"{}," * 999 + b"{}]", "")[0]) == 1000
    with pytest.raises(bodies.TooManyLeads):
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
    assert rules.map_post(mapping, data).values == {
        "email": "a@b.example", "first_name": "Anna", "last_name": "De Berg", "description": "Pumps\nSoon",
        "city": "Oslo", "channel": "web_form",
    }  # fmt: skip
    assert rules.map_post({}, {"Full Name": "Berg, Anna"}).values == {"first_name": "Anna", "last_name": "Berg"}
    assert rules.map_post({}, {"assignee": 1, "partner": 2, "status": "qualified", "name": "Anna"}).values == {
        "first_name": "", "last_name": "Anna"
    }  # fmt: skip


@given(st.dictionaries(st.text(max_size=12), ANY_JSON, max_size=6), st.text(max_size=12))
def test_no_data_breaks_mapping_and_reading(data, path):
    read = read_values(rules.map_post({"fields": [{"from": path, "to": "email"}]}, data).values, {}, Context())
    assert not set(read.values) & {"assignee", "partner", "account"}
    paths.dig(data, path)
    for node in incoming.incoming(data):
        assert paths.dig(data, node.path) is not None


ANSWERS = {
    "field_data": [{"name": "phone", "values": ["1"]}, {"name": "email", "values": ["a@b.example"]}],
    "answers": [
        {"type": "text", "text": "Anna", "field": {"ref": "who"}},
        {"type": "email", "email": "a@b.example", "field": {"ref": "email"}},
    ],
    "values": [{"name": "email", "value": "a@b.example"}],
    "form": '{"person": {"e.mail": ["a@b.example"]}}',
    "data[merges][EMAIL]": "a@b.example",
    "fields": {"1": {"name": "E-mail", "value": "a@b.example"}},
}


@pytest.mark.parametrize(
    "path",
    [
        "field_data[name=email].values", "answers[field.ref=email].email", "values[name=email].value",
        "values.0.value", "values.value", "form.person.e.mail", "data[merges][EMAIL]", "fields[name=E-mail].value",
        "fields.1.value", "field_data[name=EMAIL].values.0", "answers.1.email",
    ],
)  # fmt: skip
def test_a_path_finds_a_value_by_name_by_place_and_within_json(path):
    """INTAKE-1: also in lists; a list of one value is the value."""
    assert paths.dig(ANSWERS, path) == "a@b.example"


def test_lists_in_any_order_give_the_same_lead():
    mapping = {"fields": [{"from": "a[q=mail].v", "to": "email"}, {"from": "a[q=who].v", "to": "full_name"}]}
    pairs = [{"q": "who", "v": "Swap Person"}, {"q": "mail", "v": "s@b.example"}, {"q": "firm", "v": "Swap AS"}]
    results = [rules.map_post(mapping, {"a": entries}).values for entries in (pairs, pairs[::-1])]
    assert results[0] == results[1]
    assert results[0]["email"] == "s@b.example"


SENT = [
    {"payload": {"email": "a@b.example", "name": "Ann Lee", "first_name": None, "questions_and_answers": [
        {"question": "Phone Number", "answer": "+4791234567"}]}, "event": "invitee.created"},
    {"triggerType": "form_submission", "payload": {"name": "Contact form", "siteId": "s", "formId": "f",
        "data": {"Name": "Ann Lee", "Email": "a@b.example", "Phone": "+4791234567"}}},
    {"formID": "1", "rawRequest": json.dumps({"q3_name": {"first": "Ann", "last": "Lee"}, "q4_email": "a@b.example",
        "q5_phoneNumber": {"full": "+4791234567"}})},
    {"fields": {"1": {"name": "Name", "value": "Ann Lee", "type": "name"}, "2": {"name": "Email", "type": "email",
        "value": "a@b.example"}, "3": {"name": "Phone", "value": "+4791234567"}}},
    {"form": {"id": "1", "name": "New Form"}, "fields": {"n": {"title": "Name", "value": "Ann Lee"},
        "e": {"title": "Email", "value": "a@b.example"}, "p": {"title": "Phone", "value": "+4791234567"}}},
    {"properties": {"email": {"value": "a@b.example"}, "firstname": {"value": "Ann"}, "lastname": {"value": "Lee"},
        "phone": {"value": "+4791234567"}}},
    {"data.json": json.dumps({"email": ["a@b.example"], "name": ["Ann Lee"], "phone_number": ["+4791234567"]})},
    {"field_data": [{"name": "phone_number", "values": ["+4791234567"]}, {"name": "full_name", "values": ["Ann Lee"]},
        {"name": "email", "values": ["a@b.example"]}]},
    {"user_column_data": [{"column_id": "FULL_NAME", "string_value": "Ann Lee"}, {"column_id": "EMAIL",
        "string_value": "a@b.example"}, {"column_id": "PHONE_NUMBER", "string_value": "+4791234567"}]},
]  # fmt: skip


@pytest.mark.parametrize("data", SENT)
def test_usual_senders_are_understood_without_a_mapping(data):
    """INTAKE-1: whatever the shape in which a sender writes names and values."""
    values = rules.map_post({}, data).values
    assert {key: values.get(key) for key in ("first_name", "last_name", "email", "phone")} == {
        "first_name": "Ann", "last_name": "Lee", "email": "a@b.example", "phone": "+4791234567"
    }  # fmt: skip


LEAD = {key: model_field(Lead, key) for key in ("email", "phone", "country", "priority", "website", "company")}


def test_one_bad_value_holds_nothing_back():
    """INTAKE-2: it goes to the notes, the rest is taken."""
    raw = {
        "email": "anna@", "phone": "0047 22 33 44 55", "country": "Atlantis", "priority": "High",
        "website": {"a": 1, "b": 2}, "company": "X" * 300,
    }  # fmt: skip
    read = read_values(raw, LEAD, Context("NO"))
    assert read.values == {"phone": "+4722334455", "company": "X" * 200}
    assert {label for label, _raw, _why in read.notes} == {
        "E-mail", "Country", "Priority", "Website", "Company"
    }  # fmt: skip


def test_values_are_read_in_their_country():
    read = read_values(
        {"country": "Danmark", "phone": "33 12 34 56", "email": "Ann <A@B.example>"}, LEAD, Context("NO")
    )
    assert (read.values, read.notes) == ({"country": "DK", "phone": "+4533123456", "email": "a@b.example"}, [])


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, ""), ("on", ""), (["on"], ""), ("Ja", ""), (1, ""), ("I agree", "I agree"), (False, None), ("no", None),
     ("false", None), ("", None), (None, None), ([], None), ("I do not agree", None), ("0", None)],
)  # fmt: skip
def test_what_is_a_consent(value, text):
    assert consent_in(value) == text


@pytest.mark.parametrize(
    ("mapping", "data", "is_ignored"),
    [
        ({}, {}, True),
        ({}, {"email": ""}, True),
        ({}, {"email": "a@b.example"}, False),
        ({"ignore_if": [{"field": "kind", "value": "Unsubscribe"}]}, {"kind": "unsubscribe", "email": "x"}, True),
        ({"ignore_if": [{"field": "is_test", "value": "true"}]}, {"is_test": True, "email": "x"}, True),
        ({"ignore_if": [{"field": "is_test", "value": "true"}]}, {"is_test": False, "email": "x"}, False),
        ({"only_if": [{"field": "a[n=k].v", "op": "contains", "value": "demo"}]}, {"a": [{"n": "k", "v": "A demo"}]},
         False),
        ({"only_if": [{"field": "kind", "op": "set"}]}, {"email": "x"}, True),
        ({"only_if": [{"field": "kind", "op": "empty"}]}, {"email": "x"}, False),
        ({"ignore_if": [{"field": "kind", "op": "not", "value": "lead"}]}, {"kind": "lead"}, False),
        ({"preset": "google_ads"}, {"user_column_data": [{"column_id": "EMAIL"}], "is_test": True}, True),
        ({}, {"email": "a@b.example", "is_test": "1"}, True),
        ({}, {"email": "a@b.example", "is_test": False}, False),
        ({}, {"email": "a@b.example", "event": "unsubscribe"}, True),
        ({}, {"email": "a@b.example", "event": "subscribe"}, False),
        ({}, {"field_data": [{"name": "full_name", "values": ["<test lead: dummy data for full_name>"]}]}, True),
    ],
)  # fmt: skip
def test_conditions_say_what_makes_a_lead(mapping, data, is_ignored):
    """INTAKE-1: only if, ignore if."""
    assert bool(why_ignored(mapping, data)) == is_ignored


def test_a_list_under_a_key_is_several_leads():
    data = {"campaign": "x", "leads": [{"email": "a@b.example"}, {"email": "b@b.example"}]}
    assert lead_entries({"list": "leads"}, data) == [{"campaign": "x", **lead} for lead in data["leads"]]
    assert lead_entries({}, data) is None
    assert lead_entries({"list": "data.leads"}, {"data": json.dumps(data)}) is not None


def test_numbered_and_bracketed_names_of_forms():
    """INTAKE-1: forms number their fields, and write parts of a field in brackets."""
    assert rules.map_post({}, {"1.3": "Eva", "2": "eva@mala.example"}).values == {"email": "eva@mala.example"}
    assert rules.map_post({}, {"2": "eva@mala.example", "5": "per@aas.example"}).values == {}
    assert rules.map_post({}, {"phone": "22334455", "2": "eva@mala.example"}).values == {"phone": "22334455"}
    parts = {"Name (First)": "Eva", "Name (Last)": "Malá", "Address (Country)": "Tschechien", "your-city": "Brno"}
    expected = {"first_name": "Eva", "last_name": "Malá", "country": "Tschechien", "city": "Brno"}
    assert rules.map_post({}, parts).values == expected


@pytest.mark.parametrize("refusal", ["nee", "Abgelehnt", "denied", "opt-out", "Ik ga niet akkoord", ["nei"], "false"])
def test_a_refusal_in_any_words_is_no_consent(refusal):
    """INTAKE-2: what says no is never kept as the text of a consent."""
    assert consent_in(refusal) is None


def test_letters_of_all_charsets():
    """INTAKE-1: as declared, else UTF-8, else by the letters; never by replacement characters."""
    form = "application/x-www-form-urlencoded"
    assert bodies.read_body(b"n=J%F8rgen", form)[0] == [{"n": "Jørgen"}]
    czech = bodies.read_body(b"n=Ji%F8%ED+K%F8%ED%9Eov%E1", f"{form}; charset=windows-1250")[0]
    assert czech == [{"n": "Jiří Křížová"}]
    assert bodies.read_body("n=Ås".encode("latin-1"), form)[0] == [{"n": "Ås"}]
    assert bodies.read_body(b"n=%C3%85s", f"{form}; charset=nonsense")[0] == [{"n": "Ås"}]
    assert bodies.read_body('{"n": "Ås"}'.encode("latin-1"), "application/json; charset=iso-8859-1")[0] == [{"n": "Ås"}]
    assert bodies.read_body('{"n": "Ås"}'.encode("utf-16"), "application/json")[0] == [{"n": "Ås"}]


def test_companies_and_persons_are_compared():
    anna = {"email": "", "phone": "+4722334455", "last_name": "Berg"}
    assert rules.is_same_person(anna, {**anna, "email": "a@b.example"})
    assert not rules.is_same_person(anna, {**anna, "last_name": "Dahl"})
    assert not rules.is_same_person({**anna, "phone": ""}, {**anna, "phone": ""})


@pytest.mark.parametrize(
    "mapping", [[], {"x": 1}, {"fields": 3}, {"fields": [{"from": "a", "to": "nothing"}]}, {"fixed": {"nothing": 1}},
                {"fields": [{"from": "a", "to": "email", "do": ["explode"]}]}, {"preset": "nobody"},
                {"ignore_if": [{"op": "is"}]},
                {"only_if": [{"field": "a", "op": "near"}]}, {"fields": [{"to": "email"}]}],
)  # fmt: skip
def test_a_wrong_mapping_is_refused(mapping):
    with pytest.raises(ValueError, match=r"\w"):
        check_mapping(mapping, {"email": None})
