"""The home of each seeded role: which one it is, what is on it, and that it takes few statements (INIT-1, NAV-4)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kanal.core.dashboards import CARD, FIGURE, Viewer, presets_on, settings_of
from kanal.core.homes import Home, home_of
from kanal.entities.people.seed import ROLES

# Role: its home, one of its figures, one of its cards.
HOMES = {
    "administrator": (Home.ADMINISTRATOR, "Last backup", "Posts that need attention"),
    "director": (Home.DIRECTOR, "Open pipeline", "Won this quarter by seller"),
    "representative": (Home.SELLER, "Overdue activities", "Opportunities without a next step"),
    "lead-manager": (Home.LEAD_MANAGER, "Time to first contact", "Unassigned, oldest first"),
    "account-manager": (Home.ACCOUNT_MANAGER, "Ending within 90 days", "My accounts, changed since you last looked"),
    "support": (Home.SUPPORT, "Unassigned tasks", "My tasks"),
    "partner": (Home.PARTNER, "Running contracts", "Open quotes"),
    "read-only": (Home.DIRECTOR, "Open pipeline", "Won this quarter by seller"),
}
ROLE = pytest.mark.parametrize("role", HOMES)
FIGURE_OF_PAGE = re.compile(r"<dt>([^<]+)</dt>")
TITLE = re.compile(r'<div class="card[^>]*aria-label="([^"]+)"')
MOST_STATEMENTS = 45


def test_every_seeded_role_has_a_home():
    """INIT-1: a role that is added needs a line here."""
    assert HOMES.keys() == ROLES.keys()


@ROLE
def test_a_role_gets_the_home_of_its_work(role, world, client):
    """NAV-4: with its figures and cards, and nothing that could not be loaded."""
    home, figure, card = HOMES[role]
    assert home_of(world.users[f"walker-{role}"]) == home
    client.force_login(world.users[f"walker-{role}"])
    page = client.get("/").content.decode()
    figures = client.get("/?part=figures").content.decode()
    assert figure in FIGURE_OF_PAGE.findall(figures)
    assert card in TITLE.findall(page)
    assert "ould not be loaded" not in page + figures


@ROLE
def test_no_module_of_a_home_needs_more_than_its_role_may_see(role, world):
    """ACC-2: each preset of the home either has content or isn't offered: none is broken for the people it is for."""
    user = world.users[f"walker-{role}"]
    for preset in presets_on(HOMES[role][0]):
        settings = settings_of(preset.type, preset.settings)
        if preset.type.is_offered(Viewer(user), settings):
            assert preset.type.data(Viewer(user), settings) is not None, preset.key


@ROLE
def test_a_home_takes_few_statements(role, world, client):
    """PERF-6: the page with its figures, after the first visit."""
    client.force_login(world.users[f"walker-{role}"])
    client.get("/")
    with CaptureQueriesContext(connection) as page:
        client.get("/")
    assert len(page) <= MOST_STATEMENTS, [query["sql"][:200] for query in page]


@pytest.mark.parametrize("home", list(Home))
def test_every_home_has_figures_and_cards(home):
    """INIT-1: at least three figures, in their order."""
    assert len(presets_on(home, FIGURE)) >= 3
    assert presets_on(home, CARD)


def test_cards_that_follow_the_page_are_loaded_one_by_one(world, client):
    """DASH-7: the page has a placeholder with the address of the card."""
    client.force_login(world.users["walker-director"])
    page = client.get("/").content.decode()
    assert 'hx-get="/?part=card&amp;key=opportunities.team"' in page
    assert "Won this quarter by seller" in client.get("/?part=card&key=opportunities.team").content.decode()
    assert client.get("/?part=card&key=system.audit-list").status_code == 404
    assert client.get("/?part=card").status_code == 404
