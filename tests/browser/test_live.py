"""The live channel in a browser, served as in production (JOB-2, KAN-3): two people, two pages, no reload."""

import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from kanal.core import writes
from kanal.core.actor import Actor
from tests.browsing import pages_of


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def served(office: str, django_db_blocker: Any) -> Iterator[str]:
    """Serve the application by `kanal serve` on the tests' database; return its address."""
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    from kanal.config import env

    given = connection.settings_dict
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=given["NAME"])
    parts = dict(part.split("=", 1) for part in url.split(" "))
    address = f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"
    address += f"&port={parts['port']}" if "port" in parts else ""
    port = free_port()
    variables = {"DATABASE_URL": address, "PORT": str(port), "KANAL_WEB_WORKERS": "1", "KANAL_DEBUG": "1"}
    environment = {**os.environ, **variables, "KANAL_DATA": str(env.data_folder())}
    with subprocess.Popen([sys.executable, "-m", "kanal.config.cli", "serve"], env=environment) as server:
        try:
            wait_for(f"http://localhost:{port}/healthz", server)
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(30)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Ask until there is an answer."""
    for _attempt in range(600):
        assert server.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except OSError:
            try:
                server.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
    raise AssertionError("the server does not answer")


@pytest.fixture
def open_page(browser: Any, served: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Open pages of the served application."""
    with pages_of(browser, served, request) as open_one:
        yield open_one


def at(page: Any, path: str) -> Any:
    """Open an address and wait until its channel is ready."""
    page.goto(path)
    expect(page.locator("html[data-live-ready]")).to_have_count(1)
    return page


@pytest.fixture
def make_lead(make: Callable[..., Any], seller: Any) -> Callable[..., Any]:
    """Make a lead of the seller, or of another."""
    project = make("projects", name="Live", identifier=f"live-{seller.pk}", modules=["crm"])

    def create(subject: str, owner: Any = seller) -> Any:
        return make("leads", subject=subject, assignee=owner and owner.pk, project=project.pk, last_name="Berg")

    return create


@pytest.fixture
def lead(make_lead: Callable[..., Any]) -> Any:
    """Return a lead of the seller."""
    return make_lead("Live boat")


def test_a_card_that_another_moves_moves_here(open_page, make_user, seller, lead):
    """KAN-3: another user's move appears without a reload, and a stranger's page gets nothing."""
    admin = make_user(user_type="administrator")
    mine, other = at(open_page(user=seller), "/crm/leads/kanban/"), at(open_page(user=admin), "/crm/leads/kanban/")
    here, there = (page.locator(f'[data-record="{lead.pk}"]') for page in (mine, other))
    start = there.locator("xpath=ancestor::*[@data-value]").get_attribute("data-value")
    target = other.locator(f'.board-column:not([data-value="{start}"])').first.get_attribute("data-value")
    mine.evaluate("window.unloaded = false; addEventListener('pagehide', () => (window.unloaded = true))")
    card, column = there, other.locator(f'[data-value="{target}"] [data-board-list]')
    card.drag_to(column)
    moved = mine.locator(f'[data-value="{target}"] [data-record="{lead.pk}"]')
    expect(moved).to_be_visible(timeout=3000)
    expect(here).to_have_count(1)
    assert mine.evaluate("window.unloaded") is False


def test_a_list_says_how_many_are_new(open_page, make_lead, seller, lead):
    """JOB-2: a new lead reaches an open list as a bar; “Show” brings it."""
    page = at(open_page(user=seller), "/crm/leads/data/")
    make_lead("Quite new")
    make_lead("New as well")
    bar = page.get_by_role("status").filter(has_text=re.compile(r"\d new"))
    expect(bar).to_contain_text("2 new")
    bar.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Quite new")).to_be_visible()


def test_a_list_with_a_filter_counts_only_what_matches(open_page, make_lead, seller, lead):
    """JOB-2: what the filter leaves out is not announced."""
    page = at(open_page(user=seller), "/crm/leads/data/?q=Live")
    make_lead("Something else")
    make_lead("Live too")
    expect(page.get_by_role("status").filter(has_text="new")).to_contain_text("1 new")


def test_a_page_says_who_changed_the_record(open_page, make_user, seller, lead):
    """JOB-2: the page of a record says who changed it and offers to load it again; it does not by itself."""
    page = at(open_page(user=seller), f"/crm/leads/{lead.pk}/")
    boss = make_user(user_type="administrator", first_name="Berit", last_name="Boss")
    writes.change(lead, {"subject": "Another boat"}, by=Actor(boss))
    bar = page.get_by_role("status").filter(has_text="changed this record")
    expect(bar).to_contain_text("Berit Boss changed this record.")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Live boat")
    bar.get_by_role("button", name="Reload").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Another boat")


def test_a_new_activity_appears_on_the_timeline(open_page, make, seller, lead):
    """JOB-2: an activity on the record that is open stands on its timeline without a reload."""
    page = at(open_page(user=seller), f"/crm/leads/{lead.pk}/")
    make("activities", subject="Spoke about sails", lead=lead.pk, assignee=seller.pk)
    expect(page.locator("#timeline")).to_contain_text("Spoke about sails")


def test_a_stranger_hears_nothing(open_page, make_lead, make_user, lead):
    """ACC-7: who may not see a record gets no message of it; the next one that he may see arrives."""
    stranger = make_user("representative")
    page = open_page(user=stranger)
    page.add_init_script("window.heard = []; document.addEventListener('live', (event) => heard.push(event.detail))")
    at(page, "/crm/leads/data/")
    make_lead("Of another")
    writes.change(lead, {"subject": "Hidden"}, by=Actor(make_user(user_type="administrator")))
    own = make_lead("His own", stranger)
    expect(page.get_by_role("status").filter(has_text="new")).to_contain_text("1 new")
    messages = page.evaluate("heard.filter((one) => one.type === 'leads')")
    assert {pk for message in messages for name in ("created", "changed", "gone") for pk in message.get(name, [])} == {
        own.pk
    }


def test_the_stream_ends_with_the_session(open_page, seller):
    """JOB-2: who is signed out elsewhere hears nothing any more."""
    from django.contrib.sessions.models import Session

    page = at(open_page(user=seller), "/crm/leads/data/")
    cookie = next(candidate["value"] for candidate in page.context.cookies() if candidate["name"] == "sessionid")
    Session.objects.filter(pk=cookie).delete()
    expect(page.locator("html[data-live-ready]")).to_have_count(0)
