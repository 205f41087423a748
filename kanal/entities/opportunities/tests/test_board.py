"""The board of opportunities: what cards say, folded columns, and how large the page gets (KAN-1, 3)."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.core.cache import invalidate
from kanal.core.context import today
from kanal.entities.accounts.tests.factories import make, make_account, make_project, make_user
from kanal.entities.opportunities.models import Opportunity, OpportunityStatus

pytestmark = pytest.mark.django_db
BOARD = "/crm/opportunities/kanban/"


@pytest.fixture
def desk(client):
    invalidate()
    client.force_login(make_user(user_type="administrator"))
    yield client
    invalidate()


def make_deals(count, **values):
    project, account = make_project(), make_account()
    for number in range(count):
        name = f"A replacement of the ordering system in warehouse {number}"
        make("opportunities", name=name, project=project.pk, account=account.pk, value="1200", **values)


def card_of(client, deal, url=BOARD):
    shown = client.get(url).content.decode()
    match = re.search(rf'<li class="board-card"[^>]* data-record="{deal.pk}".*?</li>', shown, re.S)
    return match.group() if match else ""


def test_kan_1_a_card_tells_the_next_activity_the_age_and_the_marks(desk):
    account = make_account(organization="Fjord AS")
    deal = make(
        "opportunities", name="Deal", project=make_project().pk, account=account.pk,
        expected_close_date=today() - dt.timedelta(days=1),
    )  # fmt: skip
    assert "No next step" in card_of(desk, deal)
    make("activities", subject="Call", opportunity=deal.pk, start=timezone.now() + dt.timedelta(minutes=1))
    Opportunity.objects.filter(pk=deal.pk).update(status_since=timezone.now() - dt.timedelta(days=3))
    card = card_of(desk, deal)
    assert "Fjord AS" in card
    assert "Next activity" in card
    assert "3 d<" in card
    assert "Overdue" in card
    assert "No next step" not in card


def test_a_card_does_not_repeat_what_its_title_says(desk):
    account = make_account(organization="Fjord AS")
    deal = make("opportunities", name="Servers – Fjord AS", project=make_project().pk, account=account.pk)
    assert card_of(desk, deal).count("Fjord AS") == 1


def test_a_closed_column_is_folded_and_brings_its_cards_when_it_is_unfolded(desk):
    make_deals(1)
    deal = Opportunity.objects.get()
    Opportunity.objects.update(status=OpportunityStatus.objects.get(key="won"))
    assert not card_of(desk, deal)
    shown = desk.get(BOARD).content.decode()
    more = re.search(r'class="board-more" hx-get="([^"]*value=won[^"]*)"', shown).group(1).replace("&amp;", "&")
    assert card_of(desk, deal, more)
    assert card_of(desk, deal, f"{BOARD}?unfolded=won")


def test_kan_3_a_full_board_is_at_most_120_kb(desk):
    """Each open column has more cards than the page brings, with every fact that a card shows."""
    make_deals(26, expected_close_date=today() - dt.timedelta(days=1))
    for deal in Opportunity.objects.all():
        make("activities", subject="Call", opportunity=deal.pk, start=timezone.now() + dt.timedelta(days=2))
    deals = list(Opportunity.objects.values())
    for status in OpportunityStatus.objects.exclude(key="new"):
        copies = [{**row, "id": None, "number": f"{row['number']}-{status.pk}"} for row in deals]
        Opportunity.objects.bulk_create(Opportunity(**{**row, "status_id": status.pk}) for row in copies)
    Opportunity.objects.update(status_since=timezone.now() - dt.timedelta(days=90))
    answer = desk.get(BOARD)
    assert answer.content.count(b"board-card") >= 90
    assert len(answer.content) <= 120_000


def test_the_number_of_statements_does_not_grow_with_the_cards(desk):
    make_deals(1)
    counts = []
    for more in (0, 8):
        make_deals(more)
        for deal in Opportunity.objects.filter(next_activity=None):
            make("activities", subject="Call", opportunity=deal.pk)
        desk.get(BOARD)
        with CaptureQueriesContext(connection) as queries:
            desk.get(BOARD)
        counts.append(len(queries))
    assert counts[0] == counts[1]
