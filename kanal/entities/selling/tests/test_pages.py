"""The page of the sale (SOLD-1)."""

import pytest

from kanal.entities.quotes.tests.factories import make, quote, shop

pytestmark = pytest.mark.django_db


def test_the_sale_without_a_quote_leads_to_a_new_one(client):
    """SOLD-1: whoever is told that a quote is missing can create it from there."""
    of = shop()
    admin = make("users", last_name="Admin", username="admin", email="a@kanal.example", user_type="administrator")
    client.force_login(admin)
    url = f"/crm/opportunities/{of.opportunity.pk}"
    assert f'href="{url}/new-quote"' in client.get(f"{url}/sold").content.decode()
    quote(of)
    assert f'href="{url}/new-quote"' not in client.get(f"{url}/sold").content.decode()
