"""What follows from statuses, and the verbs of opportunities (OPP-1, 2, 4)."""

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.verbs import input_fields
from kanal.entities.accounts.tests.factories import make
from kanal.entities.opportunities import actions
from kanal.entities.opportunities.models import OpportunityStatus
from kanal.kit.errors import Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def opportunity():
    invalidate()
    project = make("projects", name="North")
    yield make("opportunities", name="Deal", project=project.pk, value="1000")
    invalidate()


def test_the_probability_follows_the_status_unless_another_one_was_entered(opportunity):
    assert (opportunity.probability, opportunity.weighted_value) == (10, 100)
    opportunity = writes.change(opportunity, {"status": "negotiation"}, by=SYSTEM)
    assert opportunity.weighted_value == 750
    opportunity = writes.change(opportunity, {"probability": "60"}, by=SYSTEM)
    opportunity = writes.change(opportunity, {"status": "offer-sent"}, by=SYSTEM)
    assert opportunity.probability == 60
    opportunity = writes.change(opportunity, {"status": "won"}, by=SYSTEM.within_action("sold"))
    assert opportunity.probability == 100


def test_a_status_asks_for_its_required_fields(opportunity):
    status = OpportunityStatus.objects.get(key="negotiation")
    writes.change(status, {"required_fields": ["account"]}, by=SYSTEM)
    with pytest.raises(Invalid) as refusal:
        writes.change(opportunity, {"status": "negotiation"}, by=SYSTEM)
    assert list(refusal.value.errors) == ["account"]


def test_a_pipeline_begins_in_its_first_status(opportunity):
    other = make("pipelines", name="Renewals")
    first = make("opportunity-statuses", name="Open", pipeline=other.key, probability="40")
    changed = writes.change(opportunity, {"pipeline": other.key}, by=SYSTEM)
    assert (changed.status, changed.probability) == (first, 40)


def test_a_copy_is_new_and_unsold(opportunity):
    copy = actions.copy_opportunity(opportunity, {"name": "Second"}, by=SYSTEM)
    assert copy.number != opportunity.number
    assert (copy.name, copy.project, copy.status.key, copy.is_locked) == ("Second", opportunity.project, "new", False)


def test_a_lost_opportunity_says_why(opportunity):
    entity = registry.get("opportunities")
    inputs = input_fields(entity, registry.action(entity, "lost"))
    field = next(field.key for field in inputs if field.required)
    actions.lose(opportunity, {field: "price"}, by=SYSTEM)
    opportunity.refresh_from_db()
    assert (opportunity.status.kind, opportunity.probability) == ("lost", 0)


def test_moving_takes_to_another_project(opportunity):
    other = make("projects", name="South")
    assert actions.move_opportunity(opportunity, {"project": other.pk, "with_tasks": True}, by=SYSTEM).project == other
