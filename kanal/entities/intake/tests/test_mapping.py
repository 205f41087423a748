"""The page of a mapping: filled from the last posts, tried without storing, stored as readable JSON (INTAKE-1)."""

import json

import pytest
from django.test import Client

from kanal.entities.intake.models import Intake, IntakeSource
from kanal.entities.intake.tests.test_actions import make_source, send
from kanal.entities.leads.models import Lead
from kanal.entities.leads.tests.factories import make_user

pytestmark = pytest.mark.django_db
ANSWERS = {"answers": [{"q": "Mail", "v": "a@b.example"}, {"q": "Ihr Wunsch", "v": " ZWEI PUMPEN "}]}
ROWS = {
    "from": ["answers[q=Mail].v", "answers[q=Ihr Wunsch].v", ""], "to": ["email", "subject", ""],
    "do": ["", "lower", ""], "fixed_field": ["utm_source"], "fixed_value": ["fair"],
    "condition_when": ["ignore_if"], "condition_field": ["kind"], "condition_op": ["is"], "condition_value": ["test"],
}  # fmt: skip


@pytest.fixture
def client():
    test_client = Client()
    test_client.force_login(make_user(user_type="administrator"))
    return test_client


def url_of(source):
    return f"/settings/intake-sources/{source.pk}/mapping"


def test_a_source_that_got_nothing_says_so_and_shows_its_address(client):
    source = make_source()
    text = client.get(url_of(source)).content.decode()
    assert f"/api/v1/intake/{source.key}" in text
    assert "Nothing has arrived" in text


def test_the_table_is_filled_from_the_last_post(client):
    source = make_source()
    send(source, {"values": [{"name": "email", "value": "a@b.example"}]})
    text = client.get(url_of(source)).content.decode()
    assert all(word in text for word in ("values[name=email].value", "a@b.example", "By its name: E-mail"))


def test_a_trial_shows_the_lead_and_stores_nothing(client):
    source = make_source()
    answer = client.post(url_of(source), {**ROWS, "then": "try", "body": json.dumps({**ANSWERS, "Boats": "7"})})
    text = answer.content.decode()
    assert (answer.status_code, "zwei pumpen" in text, "Boats: 7" in text) == (200, True, True)
    assert (Lead.objects.count(), Intake.objects.count()) == (0, 0)
    assert IntakeSource.objects.get().field_mapping == {}
    ignored = client.post(url_of(source), {**ROWS, "then": "try", "body": '{"kind": "test"}'}).content.decode()
    assert "Ignored" in ignored
    wrong = client.post(url_of(source), {**ROWS, "then": "try", "body": "{broken"})
    assert (wrong.status_code, "{broken" in wrong.content.decode()) == (422, True)


def test_what_is_saved_is_readable_and_counts(client):
    source = make_source()
    assert client.post(url_of(source), {**ROWS, "then": "save", "preset": "hubspot"}).status_code == 302
    stored = IntakeSource.objects.get().field_mapping
    assert stored["fields"] == [
        {"from": "answers[q=Mail].v", "to": "email"},
        {"from": "answers[q=Ihr Wunsch].v", "to": "subject", "do": ["lower"]},
    ]
    assert (stored["fixed"], stored["preset"]) == ({"utm_source": "fair"}, "hubspot")
    shown = client.get(url_of(source)).content.decode()
    assert 'value="answers[q=Mail].v"' in shown
    refused = client.post(url_of(source), {**ROWS, "from": ["x"], "to": ["no_field"], "do": [""], "then": "save"})
    assert (refused.status_code, IntakeSource.objects.get().field_mapping) == (422, stored)


def test_what_the_page_shows_in_part_is_kept(client):
    """INTAKE-1: further changes of a row, and fixed values that are no text, stay where nobody touched them."""
    source = make_source()
    row = {"from": "name", "to": "full_name", "do": ["trim", "title"]}
    value = {"amount": "10", "currency": "EUR"}
    type(source).objects.update(field_mapping={"fields": [row], "fixed": {"value": value, "utm_source": "fair"}})
    entered = {"from": ["name"], "to": ["full_name"], "do": ["trim"], "fixed_field": ["value", "utm_source"],
               "fixed_value": [str(value), "web"], "then": "save"}  # fmt: skip
    assert client.post(url_of(source), entered).status_code == 302
    stored = IntakeSource.objects.get().field_mapping
    assert (stored["fields"], stored["fixed"]) == ([row], {"value": value, "utm_source": "web"})
    assert client.post(url_of(source), {**entered, "do": ["lower"]}).status_code == 302
    assert IntakeSource.objects.get().field_mapping["fields"] == [{**row, "do": ["lower"]}]
