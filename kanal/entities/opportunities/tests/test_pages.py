"""The pages of opportunities beyond what every type has."""

import re

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.entities.accounts.tests.factories import make, make_user
from kanal.entities.opportunities import actions

pytestmark = pytest.mark.django_db


def test_kan_1_the_board_tells_the_weighted_sum_of_each_column(client):
    invalidate()
    project = writes.create(registry.get("projects"), {"name": "North"}, by=SYSTEM)
    for value in ("700", "6300"):
        deal = {"name": "Deal", "project": project.pk, "value": {"amount": value, "currency": "EUR"}}
        writes.create(registry.get("opportunities"), deal, by=SYSTEM)
    client.force_login(make_user("", user_type="administrator"))
    shown = client.get("/crm/opportunities/kanban/").content.decode()
    invalidate()
    assert re.search(r"7,000\D.*weighted\D+700\D", shown)


def test_opp_4_a_field_that_is_emptied_in_the_form_of_a_move_is_cleared(client):
    """OPP-4: an empty field that was empty before, or that is not named, stays as it is."""
    admin, project = make_user(user_type="administrator"), make("projects", name="North", modules=["crm"])
    account = make("accounts", organization="Fjord AS", type="account")
    partner = make("partners", name="Havn")
    opportunity = make(
        "opportunities", name="Deal", project=project.pk, account=account.pk, assignee=admin.pk, partner=partner.pk
    )
    client.force_login(admin)
    page = f"/crm/opportunities/{opportunity.pk}/move"
    typed = {
        "project": project.pk,
        "partner": "",
        "assignee": admin.pk,
        "forecast_category": opportunity.forecast_category,
    }
    assert client.post(page, typed).status_code == 302
    opportunity.refresh_from_db()
    assert (opportunity.partner, opportunity.assignee) == (None, admin)
    assert actions.move_opportunity(opportunity, {"assignee": None}, by=SYSTEM).assignee == admin
