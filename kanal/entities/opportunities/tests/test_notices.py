"""Assignees are told once when an opportunity begins to need attention (OPP-7)."""

import datetime as dt

import pytest
from django.core import mail

from kanal.core import writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.context import today
from kanal.core.models import FieldRule
from kanal.entities.accounts.tests.factories import make, make_project, make_user
from kanal.entities.opportunities.notices import announce_all

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def seller():
    invalidate()
    yield make_user(entities=("opportunities", "activities"))
    invalidate()


def make_deal(seller, **values):
    values = {"name": "Servers", "next_action_date": today() + DAY, **values}
    return make("opportunities", **{"project": make_project().pk, "assignee": seller.pk, **values})


def test_opp_7_the_assignee_is_told_once_until_the_state_has_ended(seller):
    deal = make_deal(seller, expected_close_date=today() - DAY)
    assert announce_all() == 1
    assert mail.outbox[0].to == [seller.email]
    assert "Servers: Overdue" in mail.outbox[0].body
    assert announce_all() == 0
    deal = writes.change(deal, {"expected_close_date": today() + DAY}, by=SYSTEM)
    assert announce_all() == 0
    writes.change(deal, {"expected_close_date": today() - DAY}, by=SYSTEM)
    assert announce_all() == 1


def test_opp_7_the_assignee_is_told_when_the_next_action_is_due(seller):
    make_deal(seller, next_action_date=today())
    make_deal(seller, name="Later")
    assert announce_all() == 1
    assert "Servers: The next action is due" in mail.outbox[0].body
    assert "Later" not in mail.outbox[0].body


def test_opp_7_several_states_are_told_in_one_mail(seller):
    make_deal(seller, next_action_date=None, expected_close_date=today() - DAY)
    make_deal(seller, name="Network", next_action_date=None)
    assert announce_all() == 1
    assert mail.outbox[0].subject == "2 opportunities need your attention"
    assert "Servers: Overdue, No next step" in mail.outbox[0].body


def test_opp_7_a_mail_tells_nothing_of_a_hidden_field(seller):
    make_deal(seller, expected_close_date=today() - DAY)
    FieldRule.objects.create(entity="opportunities", field="expected_close_date", mode=FieldRule.Mode.HIDDEN)
    invalidate()
    assert announce_all() == 0


def test_opp_7_nobody_is_told_of_what_nobody_or_somebody_who_left_is_responsible_for(seller):
    make_deal(seller, assignee=None, expected_close_date=today() - DAY)
    deal = make_deal(seller, expected_close_date=today() - DAY)
    type(seller).objects.filter(pk=deal.assignee_id).update(is_active=False)
    assert announce_all() == 0
