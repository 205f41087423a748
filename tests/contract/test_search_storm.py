"""After any changes search holds what the records say: no entry too many, none missing, none old (SRCH-1)."""

import os

import pytest

from kanal.core import registry
from kanal.core.cache import invalidate
from kanal.core.installation import seed_choices
from kanal.core.models import FieldVisibility
from kanal.features.search.indexing import COLUMNS, entries, rebuild, searched_types
from kanal.features.search.models import SearchEntry
from tests.contract.storm import Storm

STEPS = 60 * int(os.environ.get("KANAL_FUZZ_EXAMPLES", "1"))


def differences():
    """List what search holds otherwise than the records say."""
    differences_by_type = {}
    for entity in searched_types():
        wanted = set(entries(entity))
        standing = set(SearchEntry.objects.filter(entity=entity.key).values_list(*COLUMNS.split(", ")))
        if wanted != standing:
            differences_by_type[entity.key] = {
                "missing": sorted(wanted - standing)[:3],
                "too many": sorted(standing - wanted)[:3],
            }
    return differences_by_type


@pytest.mark.parametrize("seed", [1, 2])
def test_search_is_true_after_a_storm(world, call, seed):
    """SRCH-1, IMP-4: records made, changed, deleted one by one and many at once, verbs, imports and their undoing."""
    rebuild_all()  # the database of the tests may be older than what it was seeded with
    assert differences() == {}
    storm = Storm(world.admin, seed, lambda entity: world.values(entity, full=storm.chance.random() < 0.5), call)
    for entity in searched_types():
        storm.blow([entity], STEPS // 10)
    storm.blow(searched_types(), STEPS)
    assert {
        "create",
        "change",
        "change_many",
        "delete",
        "delete_many",
        "import_file",
        "undo_import",
    } <= storm.done.keys()
    assert differences() == {}, storm.done


def test_search_is_true_after_a_field_was_hidden_and_shown(world):
    """ACC-6: the rebuild leaves nothing of the hidden field, and brings it back."""
    rebuild_all()
    for _ in range(2):
        row = FieldVisibility.objects.create(entity="contacts", field="email", user_types=["administrator"])
        invalidate()
        assert "contacts" in differences()
        rebuild_all()
        assert differences() == {}
        row.delete()
        invalidate()
        rebuild_all()
        assert differences() == {}


def test_what_a_new_installation_begins_with_is_found(world):
    """SRCH-1, INIT-2: options are seeded beside the write path, and have their entries all the same."""
    types = registry.get("account-types")
    seed_choices(types.model, [{"key": "cooperative", "name": "Cooperative"}])
    assert SearchEntry.objects.filter(entity=types.key, title="Cooperative").exists()


def rebuild_all():
    for entity in searched_types():
        rebuild(entity)
