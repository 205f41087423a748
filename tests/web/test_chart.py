"""The chart of a list: its groups, what stands behind each, and what it refuses (LIST-8, DASH-5)."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kanal.core.models import FieldVisibility
from kanal.entities.leads.tests.factories import make_lead, make_user
from kanal.web import chart

pytestmark = pytest.mark.django_db
URL = "/crm/leads/chart/"
BAR = re.compile(
    r'<a href="([^"]+)" class="chart-bar"[^>]*>\s*<span class="chart-label">([^<]+)</span>'
    r'.*?class="chart-value">([^<]*)<',
    re.S,
)


@pytest.fixture
def browser(client):
    client.force_login(make_user(user_type="administrator"))
    return client


def bars(client, query=""):
    """Return the bars of the chart: label -> (value, URL of its records)."""
    response = client.get(f"{URL}{query}")
    assert response.status_code == 200
    return {unescape(label): (value, unescape(url)) for url, label, value in BAR.findall(response.content.decode())}


def test_each_bar_leads_to_its_records(browser):
    for _number in range(3):
        make_lead(subject="Norse", country="NO")
    make_lead(subject="Swede", country="SE")
    shown = bars(browser, "?by=country")
    assert (shown["Norway"][0], shown["Sweden"][0]) == ("3", "1")
    rows = browser.get(shown["Sweden"][1]).content.decode()
    assert "Swede" in rows
    assert "Norse" not in rows


@pytest.mark.parametrize("bucket", ["day", "week", "month", "quarter", "year"])
def test_periods_lead_to_their_records(browser, bucket):
    make_lead(subject="Vik")
    ((value, url),) = bars(browser, f"?by=created_at&bucket={bucket}").values()
    assert value == "1"
    assert "Vik" in browser.get(url).content.decode()


def test_a_measure_is_summed_by_group(browser):
    make_lead(country="NO", value={"amount": "1000", "currency": "EUR"})
    make_lead(country="NO", value={"amount": "500", "currency": "EUR"})
    assert bars(browser, "?by=country&measure=sum:value")["Norway"][0] == "€1,500"


@pytest.mark.parametrize("query", ["?by=nothing", "?measure=sum:nothing", "?by=created_at&bucket=century", "?by=id"])
def test_an_unknown_choice_shows_the_first_one(browser, query):
    make_lead()
    assert bars(browser, query)


def test_a_wrong_filter_says_so(browser):
    assert "Edit the filter" in browser.get(f"{URL}?filter=nothing:is(1)").content.decode()


def test_hidden_fields_are_not_offered(client):
    """ACC-6: nobody learns from a bar what they may not read."""
    make_lead(country="NO", value={"amount": "1000", "currency": "EUR"})
    for field in ("country", "value"):
        FieldVisibility.objects.create(entity="leads", field=field)
    client.force_login(make_user("all", ["view"]))
    page = client.get(f"{URL}?by=country&measure=sum:value").content.decode()
    assert 'value="country"' not in page
    assert "sum:value" not in page
    assert "Norway" not in page


def test_only_visible_records_count(client):
    seller = make_user("own")
    make_lead(country="NO", assignee=seller.pk)
    make_lead(country="NO")
    client.force_login(seller)
    assert bars(client, "?by=country")["Norway"][0] == "1"


def test_too_many_values_are_refused(browser, monkeypatch):
    make_lead()
    monkeypatch.setattr(chart, "MOST_RELATED", -1)
    page = browser.get(f"{URL}?by=campaign").content.decode()
    assert "There are too many different values of “Campaign” for a chart." in page


def test_the_statements_do_not_grow_with_the_groups(browser):
    make_lead(assignee=make_user("all").pk)
    bars(browser, "?by=assignee")
    with CaptureQueriesContext(connection) as before:
        bars(browser, "?by=assignee")
    for _number in range(5):
        make_lead(assignee=make_user("all").pk)
    bars(browser, "?by=assignee")  # a new user empties the caches
    with CaptureQueriesContext(connection) as after:
        assert len(bars(browser, "?by=assignee")) >= 6
    assert len(after) == len(before)
