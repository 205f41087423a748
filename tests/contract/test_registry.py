"""Nothing is skipped in silence: every registered type is known to the contract, and a record of it can be made."""

import re
from dataclasses import replace

import pytest

from kanal.core import registry
from kanal.core.action import Action, Dialog
from kanal.core.checks import problems, repeated
from tests.checks.sources import files, is_test
from tests.contract.values import TYPES

DONE = re.compile(r"within_action\(\"([\w-]+)\"\)|Actor\([^)]*verb=\"([\w-]+)\"")
WITHOUT_BUTTON = {"undo-import", "edit", "intake", "keep-states", "profile", "renew", "split", "touch"}
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


def test_the_history_calls_verbs_by_their_names():
    """House rule: one name everywhere, the button's and the address's among them."""
    texts = [path.read_text(encoding="utf-8") for path in files(".py", folders=("kanal",)) if not is_test(path)]
    written = {name for text in texts for groups in DONE.findall(text) for name in groups if name}
    verbs = {action.verb for entity in registry.all_entities() for action in registry.actions(entity)}
    assert len(written) > 30
    assert written <= verbs | WITHOUT_BUTTON


def test_a_wrong_declaration_is_named_at_the_start():
    """A dialog that asks for what is no column, or picks a record for no input; a board without a status."""
    ships = registry.get("ships")
    picking = Action("tow", "Tow", dialog=Dialog(("tug", "harbour"), pick="harbours"))
    wrong = replace(ships, actions=(picking,), listing=replace(ships.listing, status=""))
    assert problems(ships) == []
    assert [error.msg for error in problems(wrong)] == [
        "ships: “tow” asks for “tug”, which is no column",
        "ships: “tow” does not name the input that takes what is picked",
        "ships: has a board but no field that holds the status",
    ]


def test_a_name_that_two_actions_share_is_named_at_the_start():
    """Only the first one would be found, whichever room comes first."""
    ships = registry.get("ships")
    twice = replace(ships, actions=(*ships.actions, Action("tow", "Tow"), Action("tow", "Tow away")))
    assert [error.msg for error in repeated(twice)] == ["ships: there are 2 actions named “tow”"]
    assert [error for entity in registry.all_entities() for error in repeated(entity)] == []
