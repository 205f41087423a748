"""The forms of every type: what they show they take back unchanged, and nothing typed is lost (FORM)."""

import pytest

from kanal.core import registry
from kanal.core.fields import fields_of
from kanal.web import forms
from kanal.web.form import sections_for
from tests.web.typing_in import posted, record_of

KEYS = registry.keys()
WITH_NEW = [key for key in KEYS if registry.get(key).is_creatable]

COLLIDING = {"bundle-items", "prices"}


@pytest.mark.parametrize("key", KEYS)
def test_a_form_saved_as_it_is_changes_nothing(world, browse, key):
    """FORM-1, FORM-3: each control shows its value so that reading it gives the same value."""
    entity, record = registry.get(key), record_of(world, key)
    client, url = browse("administrator"), f"{entity.url(record.pk)}edit"
    page = client.get(url)
    assert page.status_code == 200
    fields = [entry.field for entry in page.context["form"].entries]
    before = {field.key: field.get(entity.model.objects.get(pk=record.pk)) for field in fields}
    revision = entity.model.objects.get(pk=record.pk).revision
    answer = client.post(url, {**posted(page.context["form"]), "revision": revision})
    assert answer.status_code == 302, answer.context["form"].summary if answer.context else answer.content[:300]
    after = entity.model.objects.get(pk=record.pk)
    assert {field.key: field.get(after) for field in fields} == before


@pytest.mark.parametrize("key", [key for key in WITH_NEW if key not in COLLIDING])
def test_a_new_record_is_made_by_the_form(world, browse, key):
    """NAV-3: new records are stored with "Save"."""
    entity = registry.get(key)
    record_of(world, key)
    sections = sections_for(world.admin, entity, None)
    known = {field.key: field for _title, group in sections for field in group}
    values = {name: value for name, value in world.values(entity).items() if name in known}
    cleaned = {name: known[name].clean(value) for name, value in values.items()}
    data = posted(forms.build_form(sections, cleaned, world.admin))
    count = entity.model.objects.count()
    answer = browse("administrator").post(f"/{entity.path}/new", data)
    assert answer.status_code == 302, answer.context["form"].summary if answer.context else answer.content[:300]
    assert entity.model.objects.count() == count + 1


def test_what_was_typed_stays_beside_its_errors(world, browse):
    """FORM-1: errors stand beside their field and in the summary, and nothing typed is lost."""
    data = {"name": "Warehouse", "value": "12 apples", "value_currency": "NOK", "project": ""}
    answer = browse("administrator").post("/crm/opportunities/new", data)
    form = answer.context["form"]
    assert answer.status_code == 422
    entries = {entry.name: entry for entry in form.entries}
    assert entries["name"].text == "Warehouse"
    assert entries["value"].text == "12 apples"
    assert entries["value"].errors
    assert entries["project"].errors
    assert {problem["id"] for problem in form.summary} >= {"f-value", "f-project"}


def test_each_control_has_its_label(world, browse):
    """UX-1: a label names its control by its id, and markup is not escaped."""
    page = browse("administrator").get("/crm/leads/new").content.decode()
    assert '<label for="f-city">' in page
    assert 'id="f-city" name="city"' in page
    assert "&quot;f-" not in page


def test_a_record_begun_from_another_one_has_it_filled_in(world, browse):
    """NAV-3: after "Save and new" too."""
    account = world.find("accounts")
    page = browse("administrator").get(f"/crm/opportunities/new?account={account.pk}")
    entry = next(candidate for candidate in page.context["form"].entries if candidate.name == "account")
    assert entry.items == [{"id": str(account.pk), "label": str(account)}]
    data = {**posted(page.context["form"]), "name": "One", "project": world.find("projects").pk, "then": "new"}
    answer = browse("administrator").post(f"/crm/opportunities/new?account={account.pk}", data)
    assert answer["Location"] == f"/crm/opportunities/new?account={account.pk}"


def test_two_editors_are_told_of_each_other(world, browse):
    """FORM-3: the second save is told what changed meanwhile, and what it did not touch is taken over."""
    lead = world.find("leads")
    client, url = browse("administrator"), f"/crm/leads/{lead.pk}/edit"
    page = client.get(url)
    first = {**posted(page.context["form"]), "revision": page.context["revision"], "original": page.context["original"]}
    assert client.post(url, {**first, "city": "Oslo"}).status_code == 302
    second = client.post(url, {**first, "company": "Other"})
    assert second.status_code == 409
    entries = {entry.name: entry for entry in second.context["form"].entries}
    assert entries["city"].text == "Oslo"
    assert entries["company"].text == "Other"
    again = {**posted(second.context["form"]), "revision": second.context["revision"]}
    assert client.post(url, again).status_code == 302
    lead = type(lead).objects.get(pk=lead.pk)
    assert (lead.city, lead.company) == ("Oslo", "Other")


def test_numbers_are_read_in_the_users_language(world, browse):
    """I18N-1: a German types 1.250,50."""
    type(world.admin).objects.filter(pk=world.admin.pk).update(language="de")
    lead = world.find("leads")
    client, url = browse("administrator"), f"/crm/leads/{lead.pk}/edit"
    page = client.get(url)
    client.post(
        url,
        {
            **posted(page.context["form"]),
            "value": "1.250,50",
            "value_currency": "EUR",
            "revision": page.context["revision"],
        },
    )
    value = fields_of(registry.get("leads"))["value"].get(type(lead).objects.get(pk=lead.pk))
    assert str(value.amount) == "1250.5000"
