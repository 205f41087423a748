"""No violation of accessibility rules on the pages that people use most, in both themes (UX-7)."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from kanal.entities.quotes.tests import factories

pytestmark = pytest.mark.browser
LEVELS = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}


@pytest.fixture(scope="module")
def addresses(office):
    """Return the pages: home, a list, details, forms, the board, a quote, the settings."""
    store = factories.shop()
    quote = factories.quote(store)
    lead = factories.make("leads", subject="Boat", last_name="Berg", company="Nordlys AS", project=store.project.pk)
    return [
        "/", "/crm/leads/data/", lead.get_absolute_url(), "/crm/accounts/new?type=organization",
        f"{lead.get_absolute_url()}qualify", "/crm/opportunities/kanban/",
        f"{store.opportunity.get_absolute_url()}?items={quote.pk}", f"{store.opportunity.get_absolute_url()}sold",
        "/settings/",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(theme, new_page, admin, addresses):
    page = new_page(user=admin, theme=theme)
    problems = []
    for address in addresses:
        page.goto(address)
        for violation in Axe().run(page, options=LEVELS).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"]][:3]
            problems.append(f"{address} {violation['id']} ({violation['impact']}): {nodes}")
    assert not problems, "\n".join(problems)
