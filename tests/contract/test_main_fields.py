"""A form shows what one needs first; the other fields are under “More fields” and are opened where they matter."""

import pytest

from kanal.core import registry
from kanal.core.fields import fields_of
from kanal.web import forms
from kanal.web.form import sections_for

SHORT, LONGEST_FIRST = 12, 12


def is_own(entity):
    """Return whether a type belongs to Kanal, not to the tests."""
    return entity.model.__module__.startswith("kanal.")


KEYS = [entity.key for entity in registry.all_entities() if entity.is_made_from_outside and is_own(entity)]


@pytest.mark.parametrize("key", KEYS)
def test_a_long_form_shows_few_fields_first(world, key):
    """A type with many fields declares the main ones; required ones are never folded."""
    entity = registry.get(key)
    assert set(entity.main_fields) <= fields_of(entity).keys()
    form = forms.build_form(sections_for(world.admin, entity), {}, world.admin)
    names = [entry.name for entry in form.entries]
    if len(names) > SHORT:
        assert entity.main_fields, f"{key} shows {len(names)} fields at once"
    if not entity.main_fields:
        return
    form.fold(entity.main_fields)
    folded = [entry.name for entry in form.folded]
    assert sorted(names) == sorted(entry.name for entry in form.entries)
    assert not [entry.name for entry in form.folded if entry.field.required]
    assert len(names) - len(folded) <= LONGEST_FIRST
    assert not form.is_unfolded


def details_of(response):
    html = response.content.decode()
    return html[html.index('<details class="more-fields"') :].partition(">")[0]


def test_folded_fields_open_for_errors_and_for_what_was_entered(world, browse):
    """FORM-1: nothing that is wrong, or was typed, is hidden."""
    client, url = browse("administrator"), "/crm/opportunities/new"
    assert "open" not in details_of(client.get(url))
    assert "open" in details_of(client.post(url, {"name": "", "probability": "much"}))
    assert "open" in details_of(client.post(url, {"name": "", "need": "A faster line"}))
    unlike_default = details_of(client.post(url, {"name": "", "forecast_category": "pipeline"}))
    assert "open" not in unlike_default


def test_a_field_from_the_address_is_shown_first(world, browse):
    """NAV-3: what another record filled in can be seen."""
    campaign = world.records["campaigns"]
    page = browse("administrator").get(f"/crm/opportunities/new?campaign={campaign.pk}")
    form = page.context["form"]
    assert "campaign" not in [entry.name for entry in form.folded]
    assert [entry.text for entry in form.entries if entry.name == "campaign"] == [str(campaign.pk)]


def test_a_form_of_a_filled_record_is_open(world, browse):
    """A change shows what the record holds."""
    client, record = browse("administrator"), world.records["opportunities"]
    form = client.get(f"/crm/opportunities/{record.pk}/edit").context["form"]
    assert form.is_unfolded is any(entry.text or entry.texts for entry in form.folded)
