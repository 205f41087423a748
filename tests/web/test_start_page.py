"""The start page: what waits for the one who looks, late things marked, and done from there (ACT-2, NAV-4)."""

import datetime as dt
import re

from django.utils import timezone

from kanal.core import registry

FIGURE = re.compile(r"<dt>([^<]+)</dt>\s*<dd>\s*<a href=\"([^\"]+)\">([^<]+)</a>")
FIGURES = "/?part=figures"
AGENDA = re.compile(r'<ul class="agenda">.*?</ul>', re.S)


def figures_of(page: str) -> dict[str, str]:
    """Read the numbers of the page: label → number."""
    return {label: number for label, _url, number in FIGURE.findall(page)}


def make(world, key: str, **values):
    """Make a record of the representative."""
    given = {"assignee": world.users["representative"].pk, **values}
    return world.make(registry.get(key), **given)


def test_the_day_holds_what_is_ones_own(world, browse):
    """NAV-4, ACC-7: the representative's open activities, counted and listed; nobody else's."""
    late = timezone.now() - dt.timedelta(days=3)
    before = figures_of(browse("representative").get(FIGURES).content.decode())
    make(world, "activities", subject="Call Nordlys", start=late, end=late, done=False)
    make(world, "activities", subject="Of the director", start=late, end=late, done=False,
         assignee=world.users["director"].pk)  # fmt: skip
    page = browse("representative").get("/").content.decode()
    after = figures_of(browse("representative").get(FIGURES).content.decode())
    assert int(after["Overdue activities"]) == int(before["Overdue activities"]) + 1
    listed = AGENDA.search(page)
    assert listed
    row = next(row for row in listed[0].split("<li>") if "Call Nordlys</a>" in row)
    assert 'class="num small late"' in row
    assert "Of the director" not in listed[0]


def test_each_figure_leads_to_its_list(world, browse):
    """DASH-5: the list behind a figure holds as many records."""
    page = browse("representative").get(FIGURES).content.decode()
    figures = FIGURE.findall(page)
    assert len(figures) == 6
    for label, url, _number in figures:
        assert browse("representative").get(url.replace("&amp;", "&")).status_code == 200, label


def test_who_may_see_nothing_is_told_whom_to_ask(browse):
    """ACC-2: the page of one without a role stands, without figures."""
    page = browse("stranger").get("/").content.decode()
    assert "Ask an administrator for a role." in page
    assert "part=figures" not in page
    assert not figures_of(browse("stranger").get(FIGURES).content.decode())


def test_what_is_done_from_another_page_offers_the_next_step_and_leads_back(world, browse):
    """NAV-4: after "Mark done" with a way back the next step is asked for; skipping it leads there."""
    activity = make(world, "activities", subject="Call", done=False)
    client, url = browse("representative"), registry.get("activities").url(activity.pk)
    response = client.post(f"{url}mark-done", {"outcome": "Bought", "next": "/"})
    assert response["Location"] == f"{url}next-step?next=%2F"
    asked = client.get(response["Location"], headers={"HX-Request": "true"}).content.decode()
    assert re.search(r'<a class="btn" href="/">\s*Skip\s*</a>', asked)
    planned = client.post(f"{url}next-step", {"category": "call", "subject": "Again", "next": "/"})
    assert planned["Location"] == "/"


def test_a_partner_begins_with_what_the_partner_has(world, browse):
    """ACC-8: nobody is a partner user's assignee, so the day holds what is their partner's."""
    ours = world.records["partners"].pk
    make(world, "leads", subject="Of the partner", partner=ours, assignee=None)
    listed = AGENDA.findall(browse("partner").get("/").content.decode())
    assert any("Of the partner" in row for row in listed)
