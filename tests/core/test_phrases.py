"""The sentences about record types: each type has those of its features, and counts are inflected."""

from dataclasses import replace

from django.core.checks import run_checks
from django.utils.translation import override

from kanal.core import checks, registry


def test_each_type_has_its_phrases():
    assert [message for message in run_checks() if message.id == "kanal.E003"] == []


def test_a_missing_phrase_and_one_that_is_not_needed_are_reported():
    leads, contracts = registry.get("leads"), registry.get("contracts")
    missing = replace(leads, phrases=replace(leads.phrases, new=""))
    needless = replace(contracts, phrases=replace(contracts.phrases, import_="Import contracts"))
    assert [message.id for message in checks.unsaid(missing)] == ["kanal.E003"]
    assert "“import_”" in checks.unsaid(needless)[0].msg


def test_a_type_that_only_its_own_pages_create_can_name_its_form():
    """CONT-3: a personal contact is created at an account or partner."""
    contacts = registry.get("contacts")
    assert not contacts.is_creatable
    assert contacts.phrases.new
    assert checks.unsaid(contacts) == []


def test_a_count_is_inflected_and_written_as_its_reader_writes_numbers():
    phrases = registry.get("leads").phrases
    assert (phrases.counted(1), phrases.counted(1250)) == ("1 lead", "1,250 leads")
    with override("de"):
        assert phrases.counted(1250) == "1.250 leads"
