"""Lists of all types begin with the name, which is the link to the record and stays in view (LIST-1)."""

import pytest

from kanal.core import registry

UNNAMED = {"account-relations"}  # its description is optional, the account tells more
NAMED = [
    entity for entity in registry.all_entities() if entity.title in entity.listing.columns and entity.key not in UNNAMED
]


@pytest.mark.parametrize("entity", NAMED, ids=lambda entity: entity.key)
def test_a_list_begins_with_the_name(entity):
    """The name comes before everything that describes the record."""
    assert entity.listing.columns[0] == entity.title
