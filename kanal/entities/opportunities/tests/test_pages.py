"""The pages of opportunities beyond what every type has."""

import re

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.entities.accounts.tests.factories import make_user

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
