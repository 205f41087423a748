"""Bodies of any kind, values within texts and objects, questions, and names of other languages (INTAKE-1, 2)."""

import pytest

from kanal.core.fields.from_model import model_field
from kanal.entities.intake import bodies, rules
from kanal.entities.intake.values import Context, read_values
from kanal.entities.leads.models import Lead

LEAD = {key: model_field(Lead, key) for key in ("email", "phone")}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"n": "A", "m": "B"}', "application/x-www-form-urlencoded"), (b"n=A&m=B", "application/json"),
        (b"n=A&m=B", ""),
        (b"n: A\nm: B\n", "text/plain"), (b"n=A\r\nm=B\r\n", "text/plain"),
        (b'\xef\xbb\xbf{"n": "A", "m": "B"}', "text/html"),
    ],
)  # fmt: skip
def test_a_wrong_or_missing_kind_is_seen_through(body, kind):
    """INTAKE-1: senders name the wrong kind, or none; what was sent says what it is."""
    assert bodies.read_body(body, kind) == ([{"n": "A", "m": "B"}], False)


def test_a_letter_without_names_is_no_form():
    with pytest.raises(bodies.UnreadableError):
        bodies.read_body(b"Hello,\n\nwe need pumps: many. Regards", "text/plain")


@pytest.mark.parametrize(
    ("text", "country", "number", "is_noted"),
    [
        ("Tel: 0043 1 234567 (Büro)", "", "+431234567", True), ("1-800-FLOWERS", "US", "+18003569377", True),
        ("+1 (212) 555-0123 ext. 45", "", "+12125550123", True), ("kl. 9: 22 33 44 55", "NO", "+4722334455", True),
        ("call me", "NO", None, True), ("22 33 44 55", "NO", "+4722334455", False),
    ],
)  # fmt: skip
def test_a_number_within_a_text_is_found_and_the_text_is_kept(text, country, number, is_noted):
    read = read_values({"phone": text}, LEAD, Context(country))
    assert (read.values.get("phone"), bool(read.notes)) == (number, is_noted)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("a@b.example, A@b.example", "a@b.example"), ("a@b.example.", "a@b.example"), ("a@b.exam ple", None),
        ("a@b.example,c@d.example", None), ("a@b.example@c.example", None),
    ],
)  # fmt: skip
def test_one_address_in_whatever_is_around_it(text, address):
    assert read_values({"email": text}, LEAD, Context()).values.get("email") == address


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"q5_phone": {"area": "22", "phone": "334455"}}, {"phone": "22 334455"}),
        ({"phones": [{"type": "home", "number": "1234567"}, {"type": "work", "number": "7654321", "primary": True}]},
         {"phone": "7654321"}),
        ({"company": {"name": "Acme AS", "website": "acme.example", "email": "post@acme.example"}},
         {"company": "Acme AS", "website": "acme.example", "email": "post@acme.example"}),
        ({"form": {"id": 1, "name": "Contact us"}, "email": "a@b.example"}, {"email": "a@b.example"}),
        ({"owner": {"email": "seller@us.example"}, "Name": "Ann"}, {"first_name": "", "last_name": "Ann"}),
        ({"Jméno": "Jan", "Příjmení": "Malý"}, {"first_name": "Jan", "last_name": "Malý"}),
        ({"Name": "Malý", "Vorname": "Jan"}, {"first_name": "Jan", "last_name": "Malý"}),
        ({"What is your e-mail address? *": "a@b.example"}, {"email": "a@b.example"}),
        ({"f[a][title]": "E-mail", "f[a][value]": "a@b.example", "f[a][type]": "text"}, {"email": "a@b.example"}),
        ({"fields": [{"key": "k1", "label": "Size", "value": ["2"], "options": [{"id": "2", "text": "Large"}]}]}, {}),
        ({"from": "Ann Lee <a@b.example>", "to": "us@us.example"},
         {"email": "Ann Lee <a@b.example>", "first_name": "Ann", "last_name": "Lee"}),
        ({"Kraj": "Polska"}, {"country": "Polska"}),
        ({"Kraj": "Vysočina", "Země": "ČR"}, {"region": "Vysočina", "country": "ČR"}),
        ({"topic": "contact.lead.created", "event": "x"}, {}),
    ],
)  # fmt: skip
def test_objects_questions_and_names_of_other_languages(data, expected):
    """INTAKE-1: one value in parts is one value; what is of the form, or of somebody else, is not the lead's."""
    assert rules.map_post({}, data).values == expected


def test_to_what_somebody_consents_is_no_consent_by_itself():
    agreed = {"Consent (Consent)": "1", "Consent (Text)": "I agree."}
    assert rules.map_post({}, agreed).values == {"consent": "I agree."}
    assert rules.map_post({}, {"Consent (Text)": "I agree."}).values == {}
    given = {"consent": {"accepted": True, "text": "I agree.", "timestamp": "2026-11-20T10:00:00Z"}}
    assert rules.map_post({}, given).values == {"consent": "I agree.", "consent_at": "2026-11-20T10:00:00Z"}
    assert rules.map_post({}, {"consent": {"accepted": False, "text": "I agree."}}).values == {"consent": False}
