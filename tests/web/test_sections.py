"""Custom fields in the groups of a type: by the key of a declared section, or in a group of their own."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils.translation import override

from kanal.core import registry
from kanal.core.cache import invalidate
from kanal.core.fields import sections_of
from kanal.core.models import AuditEntry, CustomField
from tests.web.typing_in import posted

pytestmark = pytest.mark.django_db
NEW = "/settings/custom-fields/new"
FIELD = {"entity": "leads", "kind": "text", "is_active": "true", "position": "0"}


LEADS = registry.get("leads")


def groups():
    """Return the titles of the groups of leads with the labels of their custom fields."""
    return {title: [str(field.label) for field in fields if field.is_custom] for title, fields in sections_of(LEADS)}


def test_a_field_joins_a_declared_section_whatever_its_title_is_in_the_readers_language(world, browse, monkeypatch):
    client = browse("administrator")
    assert client.post(NEW, {**FIELD, "name": "Quay", "section": "address"}).status_code == 302
    assert CustomField.objects.get(key="quay").section == "address"
    assert groups()["Address"] == ["Quay"]
    address = next(section for section in LEADS.sections if section.key == "address")
    monkeypatch.setitem(address.__dict__, "title", "Adresse")
    with override("de"):
        invalidate()
        assert groups()["Adresse"] == ["Quay"]
        assert "Address" not in groups()
        assert len(groups()) == len(LEADS.sections)


def test_a_title_of_a_declared_section_is_stored_as_its_key_and_other_titles_stay(world, browse):
    client = browse("administrator")
    client.post(NEW, {**FIELD, "name": "Quay", "own_section": "ADDRESS"})
    client.post(NEW, {**FIELD, "name": "Berth", "own_section": "At the harbour"})
    assert dict(CustomField.objects.values_list("key", "section")) == {"quay": "address", "berth": "At the harbour"}
    assert groups()["At the harbour"] == ["Berth"]
    for key, shown in (("quay", ("address", "")), ("berth", ("", "At the harbour"))):
        url = f"/settings/custom-fields/{CustomField.objects.get(key=key).pk}/edit"
        form = client.get(url).context["form"]
        texts = {entry.name: entry.text for entry in form.entries}
        assert (texts["section"], texts["own_section"]) == shown
        assert client.post(url, posted(form)).status_code == 302
    assert dict(CustomField.objects.values_list("key", "section")) == {"quay": "address", "berth": "At the harbour"}
    page = client.get("/settings/audit/?kind=settings").content.decode()
    assert "Address" in page


def test_the_migration_turns_titles_into_keys_and_notes_nothing(world):
    fields = {"quay": "Address", "berth": "At the harbour", "mast": "address"}
    for key, section in fields.items():
        CustomField.objects.create(entity="leads", key=key, name=key, kind="text", section=section)
    before = AuditEntry.objects.count()
    with connection.schema_editor() as editor:
        import_module("kanal.core.migrations.0014_section_keys").name_by_key(apps, editor)
    sections = dict(CustomField.objects.values_list("key", "section"))
    assert sections == {"quay": "address", "berth": "At the harbour", "mast": "address"}
    assert AuditEntry.objects.count() == before
