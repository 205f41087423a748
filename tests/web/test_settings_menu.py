"""The settings area: its headings in index and sidebar, the lists of options by type, and pages of errors."""

import re

import pytest

from kanal.core import registry
from kanal.core.administration import lists_of_choices
from kanal.web.settings_pages import GROUPS, entries, grouped

KEPT = [entity.key for entity in registry.all_entities() if entity.path.startswith("settings/")]


@pytest.mark.parametrize("key", KEPT)
def test_a_type_of_the_settings_names_a_heading(key):
    """SET-1: an unknown heading would hide the type."""
    assert registry.get(key).settings_group in GROUPS


def test_the_sidebar_has_the_headings_of_the_index(world, browse):
    """NAV-1, SET-1: each entry is under one heading, the same in both places."""
    page = browse("administrator").get("/settings/")
    groups = page.context["groups"]
    assert [link.url for group in groups for link in group["links"]] == [link.url for link in entries(world.admin)]
    html = page.content.decode()
    sidebar = html[html.index('id="sidebar"') :]
    for group in grouped(entries(world.admin)):
        part = sidebar[sidebar.index(f'aria-label="{group["title"]}"') :].partition("</ul>")[0]
        assert re.findall(r'<a [^>]*href="([^"]+)"', part) == [link.url for link in group["links"]]


def test_two_entries_of_the_settings_have_different_icons(world):
    """In the rail beside a record an entry is its icon alone."""
    icons = [link.icon for link in entries(world.admin)]
    assert len(icons) == len(set(icons)), sorted(icon for icon in icons if icons.count(icon) > 1)


def test_lists_of_options_name_the_type_that_uses_them(world, browse):
    """SET-1: “Role” alone doesn't say of what."""
    lists = lists_of_choices()
    assert {kept.slug for kept in lists.values() if not kept.owners} == set()
    groups = dict(browse("administrator").get("/settings/categories/").context["groups"])
    assert {kept.label for kept in groups["Leads"]} >= {"Source", "Lead statuses"}
    assert sum(map(len, groups.values())) == len(lists)


@pytest.mark.parametrize("role", ["representative", "partner"])
def test_whoever_is_signed_in_keeps_the_navigation_on_an_error(world, browse, role):
    """One goes on from a wrong address by search or menu."""
    page = browse(role).get("/crm/leads/987654321/")
    html = page.content.decode()
    assert page.status_code == 404
    assert "Page not found" in html
    assert 'id="sidebar"' in html
    assert html.count("<h1") == 1


def test_a_stranger_sees_no_navigation_on_an_error(client, db):
    page = client.get("/static/nothing")
    assert page.status_code == 404
    assert b'id="sidebar"' not in page.content


def test_the_type_of_a_new_account_says_what_it_is_for(world, browse):
    """ACCT-2: each choice has its own icon and description."""
    choices = browse("administrator").get("/crm/accounts/new").context["choices"]
    assert len({choice["text"] for choice in choices}) == len({choice["icon"] for choice in choices}) > 1
