"""Nothing is skipped in silence: every registered type is known to the contract, and a record of it can be made."""

import pytest

from kanal.core import registry
from tests.contract.values import TYPES

ENTITIES = pytest.mark.parametrize("entity", registry.all_entities(), ids=registry.keys())


def test_every_type_is_known_to_the_contract():
    """House rule: the registry's keys are asserted. A new type gets its line in values.py."""
    assert set(registry.keys()) == set(TYPES)


@ENTITIES
def test_a_record_of_each_type_can_be_made(world, entity):
    """The values made from the fields are valid."""
    if entity.key in world.problems:
        problem = world.problems[entity.key]
        raise AssertionError(getattr(problem, "errors", "")) from problem
    assert world.records[entity.key].pk
