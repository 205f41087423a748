"""Records of every type made at once are those that would have been made one by one (API-2)."""

import pytest

from kanal.core import registry
from kanal.core.actor import Actor, ChangeSource
from tests.contract.world import fixed_of
from tests.core.traces import left_by, one_by_one, together

NEW = [entity for entity in registry.all_entities() if entity.is_creatable]


@pytest.mark.parametrize("entity", NEW, ids=[entity.key for entity in NEW])
def test_many_at_once_are_what_one_by_one_would_be(world, entity):
    """API-2: the records, their history, search entries and numbers; one that is wrong spoils no other."""
    items = [{**fixed_of(entity, world.find), **world.values(entity, full=place % 2 == 0)} for place in range(5)]
    items.insert(2, {**items[0], "nothing_like_this": 1})
    for name in ("administrator", "owner"):
        by = Actor(world.users[name], ChangeSource.API)
        traces = left_by(together, entity, items, by)
        assert traces == left_by(one_by_one, entity, items, by)
    assert 2 in traces["problems"]
