"""The overview pages: how a type's records spread over their statuses, for the one who asks (NAV-2, ACC-7)."""

import datetime as dt
import re

from django.utils import timezone

from kanal.core.cache import invalidate
from kanal.core.models import FieldRule
from kanal.entities.accounts.tests.factories import make, make_account

FIGURE = re.compile(r"<dt>([^<]+)</dt>\s*<dd>\s*<a href=\"[^\"]+\">([^<]+)</a>")
ROW = re.compile(
    r'<li><a href="([^"]+)">.*?<span>([^<]+)</span></span>\s*</a>.*?<span class="num">([^<]+)</span>', re.S
)


def shares_of(client) -> dict[str, tuple[str, str]]:
    """Read the breakdown of ships: label → (count, address of the list)."""
    page = client.get("/fakes/ships/statuses").content.decode()
    return {label: (count, url) for url, label, count in ROW.findall(page)}


def test_records_are_counted_by_status_as_far_as_they_may_be_seen(client, admin, make_user, make_ship):
    """NAV-2: each status with its number and its list, of records that the asker may see."""
    for rig in ("sloop", "sloop", "ketch"):
        make_ship(rig=rig)
    client.force_login(admin)
    shares = shares_of(client)
    assert (shares["Sloop"][0], shares["Ketch"][0]) == ("2", "1")
    assert client.get(shares["Sloop"][1].replace("&amp;", "&")).status_code == 200
    client.force_login(make_user(rules={"ships": ("own", ["view"])}))
    assert {count for count, _url in shares_of(client).values()} == {"0"}


def test_who_may_see_no_records_gets_no_numbers(client, make_user):
    """ACC-2: the fragment asks for the same permission as the page."""
    client.force_login(make_user(rules={}))
    assert client.get("/fakes/ships/statuses").status_code == 403


def test_figures_follow_the_page_and_count_what_the_asker_may_see(client, admin, make_user, make_ship):
    """NAV-2, DASH-7: all ships and those that changed this week; none for one who may see none."""
    before = client_figures(client, admin)
    make_ship(rig="sloop")
    after = client_figures(client, admin)
    assert after["Ships"] == before["Ships"] + 1
    assert set(client_figures(client, make_user(rules={"ships": ("own", ["view"])})).values()) == {0}


def client_figures(client, user) -> dict[str, int]:
    """Read the figures of ships as a user: label → number."""
    client.force_login(user)
    page = client.get("/fakes/ships/?part=figures").content.decode()
    return {label: int(number) for label, number in FIGURE.findall(page)}


def test_nav_2_an_overview_counts_by_a_field_and_a_hidden_one_has_no_counts(client, admin):
    """ACCT-3: the counts lead to the list, and only fields that the reader may ask for are counted."""
    account = make_account(organization="Fjord AS", account_manager=admin.pk, key_account=True)
    client.force_login(admin)
    page = client.get("/crm/accounts/").content.decode()
    assert "statuses?by=account_manager" in page
    assert account.name in page
    counts = client.get("/crm/accounts/statuses?by=account_manager").content.decode()
    assert f"account_manager%3Aany%28{admin.pk}%29" in counts
    FieldRule.objects.create(entity="accounts", field="account_manager", mode=FieldRule.Mode.HIDDEN)
    invalidate()
    assert "statuses?by=account_manager" not in client.get("/crm/accounts/").content.decode()
    assert client.get("/crm/accounts/statuses?by=account_manager").status_code == 404


def test_act_3_the_overview_of_activities_shows_what_is_overdue_today_and_planned(client, admin):
    account, now = make_account(), timezone.now()
    for subject, days in (("Missed", -1), ("Later", 2)):
        start = now + dt.timedelta(days=days)
        make("activities", subject=subject, account=account.pk, assignee=admin.pk, start=start)
    client.force_login(admin)
    page = client.get("/crm/activities/").content.decode()
    overdue, planned = page.index('aria-label="Overdue"'), page.index('aria-label="Planned"')
    assert overdue < page.index("Missed") < planned < page.index("Later")
