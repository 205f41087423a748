"""What usual senders post becomes the lead that they mean, with and without their ready-made mapping (INTAKE-1)."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from kanal.core import registry
from kanal.core.fields import fields_of
from kanal.entities.intake.actions import Post, receive
from kanal.entities.intake.models import Intake
from kanal.entities.intake.pipeline import process_batch
from kanal.entities.intake.tests.test_actions import make_source
from kanal.entities.leads.models import Lead

pytestmark = pytest.mark.django_db
CASES = json.loads((Path(__file__).parent / "cases.json").read_text())
PRESETS = {"hubspot": "hubspot", "typeform": "typeform", "mailchimp": "mailchimp", "cf7": "contact_form_7"}
ONES = [case for case in CASES if "expected" in case]


def post(case, **values):
    source = make_source(**values)
    receive(source.key, Post(case["body"].encode(), case["content_type"]))
    process_batch()
    return list(Intake.objects.filter(source=source).order_by("id"))


def told(lead, key):
    value = fields_of(registry.get("leads"))[key].get(lead)
    if key == "value":
        return str(value.amount.quantize(Decimal("0.01")))
    return bool(value) if key == "consent" else value or ""


@pytest.mark.parametrize("case", ONES, ids=lambda case: case["name"])
@pytest.mark.parametrize("preset", [True, False])
def test_a_post_of_a_usual_sender_is_understood(case, preset):
    key = PRESETS.get(case["name"].partition("_")[0]) if preset else None
    (row,) = post(case, field_mapping={"preset": key} if key else {})
    assert (row.state, row.reason) == ("done", "")
    assert {key: told(row.lead, key) for key in case["expected"]} == case["expected"]


def case_of(name):
    return next(case for case in CASES if case["name"] == name)


@pytest.mark.parametrize("name", ["mailchimp_empty_post", "mailchimp_unsubscribe"])
def test_what_is_no_lead_is_kept_as_ignored(name):
    (row,) = post(case_of(name))
    assert (row.state, bool(row.reason), row.lead, Lead.objects.count()) == ("ignored", True, None, 0)


def test_amounts_in_all_spellings():
    rows = post(case_of("zapier_value_thousands"))
    assert [row.state for row in rows] == ["done"] * 5
    amounts = [row.lead.value and f"{row.lead.value.normalize():f}" for row in rows]
    assert (amounts[:3], amounts[3]) == (["1234.56"] * 3, None)
    assert amounts[4] == "1000"


def test_phones_that_are_none_hold_no_lead_back():
    rows = post(case_of("phone_text"))
    assert [(row.state, row.lead.phone) for row in rows] == [
        ("done", ""), ("done", ""), ("done", "+4722334455"), ("done", "+4791234561")
    ]  # fmt: skip


def test_a_yes_is_a_consent_and_a_no_is_none():
    rows = post(case_of("consent_words"), consent_text="I want to be called.")
    assert [row.state for row in rows] == ["done"] * 11
    texts = ["I want to be called."] * 4 + ["I agree to the terms"] + ["I want to be called."] + [""] * 4
    assert [row.lead.consent for row in rows] == [*texts, "I want to be called."]
    assert all(bool(row.lead.consent) == (row.lead.consent_at is not None) for row in rows)
