"""A database that goes away while leads are handled leaves them waiting; nobody has to look at them (REL-1)."""

import json

import pytest
from django.db import OperationalError

from kanal.entities.intake import pipeline
from kanal.entities.intake.actions import Post, receive
from kanal.entities.intake.models import Intake
from kanal.entities.leads.tests.factories import make, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    """Return a lead that has been received."""
    source = make("intake-sources", name="Web", default_project=make_project().pk)
    receipt = receive(source.key, Post(json.dumps({"subject": "Sails", "last_name": "Moe"}).encode()))
    return Intake.objects.get(pk=receipt.id)


def test_an_outage_leaves_a_lead_waiting_and_has_the_job_tried_again(waiting, monkeypatch):
    def gone(rows):
        raise OperationalError("the connection is closed")

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "handle", gone)
        with pytest.raises(OperationalError):
            pipeline.process_batch()
        with pytest.raises(OperationalError):
            pipeline.handle_alone(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == Intake.State.WAITING
    assert pipeline.process_batch() == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.lead.subject) == (Intake.State.DONE, "Sails")
