"""The roles of a new installation (INIT-1)."""

import pytest

from kanal.core import registry
from kanal.core.models import RoleRule
from kanal.entities.people.seed import ATTACHED, ROLES


def test_rules_are_about_types_that_are_there():
    named = {key for _name, _text, rights in ROLES.values() for types in rights for key in types}
    assert named <= {*registry.keys(), *ATTACHED}


@pytest.mark.django_db
def test_who_keeps_the_intake_sees_what_it_received_and_replays_it():
    """INTAKE-3: what needs attention waits for the lead manager, not for the administrator alone."""
    rule = RoleRule.objects.get(role__key="lead-manager", entity="intakes")
    assert {"view", "edit"} <= set(rule.actions)
    assert rule.visibility == "all"
