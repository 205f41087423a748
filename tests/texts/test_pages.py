"""Every page in the pseudo-language: each text is translated as a whole, or is data."""

import re

import pytest

from kanal.core import registry
from kanal.core.access import has_permission
from tests.texts.conftest import Reader
from tests.urls.addresses import pages
from tests.urls.conftest import url_of
from tests.urls.test_table import PATTERNS, row_of

# Pages for developers, and answers for programs.
NOT_FOR_USERS = {"styleguide", "metrics", "healthz", "readyz"}
TABS = re.compile(rb'href="(\?tab=[\w-]+)"')


def may_see(user, route: str) -> bool:
    """Return whether an address belongs to no type, or to one that a user may see."""
    types = [entity for entity in registry.all_entities() if route.startswith(f"{entity.path}/")]
    return not types or any(has_permission(user, entity, "view") for entity in types)


@pytest.mark.parametrize("name", ["administrator", "partner", "anonymous"])
def test_every_page(reader: Reader, world, ids, name):
    """The page at every address; those of a project's CRM are asked of leads, those of a type of who may see it."""
    for address in pages():
        row = row_of(address)
        if row in NOT_FOR_USERS or (row.startswith("project-{type}") and "-leads-" not in address.name):
            continue
        if name == "administrator" or (name == "partner" and may_see(world.users[name], address.route)):
            reader.get(url_of(address, world, ids), name)
        elif name == "anonymous" and row in PATTERNS:
            reader.get(f"/{PATTERNS[row]}", name)
        elif name == "anonymous" and address.route.startswith("login/"):
            reader.get(url_of(address, world, ids), name)
    reader.refuse()


@pytest.mark.parametrize("name", ["administrator", "partner"])
def test_the_tabs_of_every_record(reader: Reader, world, name):
    """With what they hold, or what an empty one says."""
    for key, record in world.records.items():
        entity = registry.get(key)
        url = entity.url(record.pk)
        content = reader.client(name).get(url).content
        for tab in sorted({match.decode() for match in TABS.findall(content)}):
            reader.get(f"{url}{tab}", name)
        reader.get(f"{url}?kind=comment", name)
    reader.refuse()


def test_lists_that_are_empty_or_filtered(reader: Reader):
    for entity in registry.all_entities():
        reader.get(f"{entity.list_url}?q=nothing-is-called-so")
        reader.get(f"{entity.list_url}?group={entity.listing.status or entity.listing.columns[0]}")
    leads = registry.get("leads").list_url
    for condition in (
        "created_at:within(last,30,days)", "created_at:within(this_week)", "updated_at:older(21,days)",
        "created_at:on(2026-05-04)", "email:empty()", "city:contains(x)", "is_archived:is(yes)", "assignee:any(me)",
        "not(city:is(x))", "city:is(x) or email:set()",
    ):  # fmt: skip
        reader.get(leads, filter=condition)
    reader.get("/search?q=nothing-is-called-so")
    reader.get("/search?q=a")
    reader.refuse()
