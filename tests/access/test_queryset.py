"""Access says of every user, type, record and action what the rules say, and of every field (ACC-1…8, SEC-1)."""

from kanal.core import access, registry
from tests.access import oracle
from tests.access.facts import known_types


def test_every_type_is_known():
    """A new record type fails here until facts.py says where its records belong."""
    assert known_types() == set(registry.keys())


def test_the_door_says_what_the_rules_say(world):
    """ACC-7: visible_to for viewing, exporting, changing, deleting and every verb."""
    wrong, asked = [], 0
    for user in world.users:
        who = world.facts.people[user.pk]
        for entity in registry.all_entities():
            verbs = {registered_action.needs for registered_action in registry.actions(entity)}
            for action in ("view", "export", "edit", "delete", *sorted(verbs - {"add"})):
                visible_ids = set(access.visible_to(user, entity, action).values_list("pk", flat=True))
                for record in world.records[entity.key]:
                    asked += 1
                    thing = world.facts.things[(entity.key, record.pk)]
                    expected = oracle.may(world.facts, who, thing, action)
                    if expected != (record.pk in visible_ids):
                        wrong.append(f"{user.username} ({who.user_type}) {action} {thing}: {record.pk in visible_ids}")
    assert asked > 1000
    assert not wrong, f"{len(wrong)} of {asked}:\n" + "\n".join(wrong[:20])


def test_the_fields_are_those_that_the_rules_show(world):
    """ACC-6: FieldContext.readable."""
    for user in world.users:
        who = world.facts.people[user.pk]
        for entity in registry.all_entities():
            for key in access.fields.fields_of(entity):
                shown = key in access.FieldContext(user, entity).readable
                assert shown == oracle.reads(world.facts, who, entity.key, key), f"{user.username} {entity.key}.{key}"
