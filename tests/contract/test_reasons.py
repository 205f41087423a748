"""An action that a record's state leaves out says why, by page and API, to who calls it all the same (DET-1, API-1)."""

import pytest

from kanal.core import registry
from kanal.core.action import Action
from kanal.core.entity import Entity

LEFT_OUT = [
    (entity, action)
    for entity in registry.all_entities()
    for action in registry.actions(entity)
    if action.hidden and action.run and not action.button.begins
]
EACH = pytest.mark.parametrize(
    ("entity", "action"), LEFT_OUT, ids=[f"{entity.key}-{action.verb}" for entity, action in LEFT_OUT]
)


@EACH
def test_the_reason_is_a_sentence_on_every_way(world, browse, call, entity: Entity, action: Action):
    """No bare “not possible”, no page that is not there: a stale tab and a script both read what the matter is."""
    record = world.records[entity.key]
    reason = action.why_hidden(entity.model.objects.get(pk=record.pk), None)
    if not reason:
        return
    assert str(reason).endswith(".")
    if action.api and action.verb != "delete":
        status, problem = call("POST", f"/{entity.key}/{record.pk}/{action.verb}", {})
        assert (status, problem["detail"][-1]) == (409, ".")
    if not action.button.page:
        page = browse().post(f"{entity.url(record.pk)}{action.verb}")
        assert page.status_code == 409
        assert str(reason).replace("'", "&#x27;") in page.content.decode()


def test_one_of_two_opposites_is_always_left_out(world):
    """So each reason of such pairs is met by the test above, or by the one of the pair's other half."""
    pairs = [("quotes", "make-active", "make-inactive"), ("leads", "archive", "unarchive")]
    for key, first_verb, other in pairs:
        entity = registry.get(key)
        record = entity.model.objects.get(pk=world.records[key].pk)
        hidden = [registry.action(entity, verb).why_hidden(record, None) for verb in (first_verb, other)]
        assert sum(map(bool, hidden)) == 1
