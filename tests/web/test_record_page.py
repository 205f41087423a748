"""A record page in use: head, figures, statuses, folded fields, counts of tabs, and what readers see (DET-1)."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kanal.core import registry, writes
from kanal.core.access import FieldContext
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.models import FieldRule, FieldVisibility
from kanal.web.record_head import figures_of
from kanal.web.record_tabs import count_tabs, shown_tabs
from kanal.web.related import related_table
from tests.web.typing_in import hidden_from, record_of

ENTITIES = pytest.mark.parametrize("key", registry.keys())
SCRIPT = {"HX-Request": "true"}
LEADS, OPPORTUNITIES, ACCOUNTS = map(registry.get, ("leads", "opportunities", "accounts"))


def page_of(client, record, query=""):
    """Return the page of a record."""
    return client.get(f"{record.get_absolute_url()}{query}").content.decode()


@ENTITIES
def test_the_facts_of_a_head_are_fields_of_the_type(world, key):
    """DET-1: a declaration that names no field would show nothing, unnoticed."""
    entity = registry.get(key)
    entries = [entry for entry in entity.head for entry in (entry if isinstance(entry, tuple) else (entry,))]
    names = {name for entry in entries for name in entry.split("+")}
    assert names <= fields_of(entity).keys()
    assert not entity.has_stages or entity.listing.status


@ENTITIES
@pytest.mark.parametrize("user", ["administrator", "representative", "partner"])
def test_the_count_of_a_tab_is_that_of_its_rows(world, key, user):
    """DET-1, ACC-7: a count says nothing of records that the reader doesn't see."""
    entity, record, reader = registry.get(key), record_of(world, key), world.users[user]
    if hidden_from(world, user, key, record):  # a page that answers 404
        return
    tabs = shown_tabs(entity, record, reader)
    counts = count_tabs(reader, entity, record.pk, tabs)
    for tab in (shown.tab for shown in tabs if shown.tab.list is not None):
        table = related_table(reader, tab, record)
        assert counts.get(tab.key, 0) == (len(table.rows) if table is not None else 0), tab.key


def test_all_tabs_are_counted_by_one_statement(world):
    """PERF-4: however many tabs and records there are."""
    account = record_of(world, "accounts")
    tabs = shown_tabs(ACCOUNTS, account, world.admin)
    count_tabs(world.admin, ACCOUNTS, account.pk, tabs)
    with CaptureQueriesContext(connection) as queries:
        counts = count_tabs(world.admin, ACCOUNTS, account.pk, tabs)
    assert len(queries) == 1
    assert counts["opportunities"] >= 1
    assert len(counts) > 5


@pytest.mark.parametrize("key", ["leads", "opportunities", "accounts", "contacts", "partners", "campaigns"])
def test_a_type_always_has_the_same_figures(world, key):
    """DET-1, ACCT-6: with values or without."""
    entity = registry.get(key)
    full = record_of(world, key)
    bare = entity.model(pk=0, **({"received_at": timezone.now()} if key == "leads" else {}))
    context = FieldContext(world.admin, entity)
    labels = [[figure.label for figure in figures_of(context, record)] for record in (full, bare)]
    assert labels[0] == labels[1]
    assert len(labels[0]) >= 2


def test_the_head_of_an_account_shows_what_one_looks_for(world):
    """ACCT-6: revenue, pipeline, contracts with the next end, tickets with the oldest, last and next activity."""
    account = record_of(world, "accounts")
    figures = figures_of(FieldContext(world.admin, ACCOUNTS), account)
    assert [str(figure.label) for figure in figures] == [
        "Lifetime revenue", "Open pipeline", "Running contracts", "Open tickets", "Last activity", "Next activity",
    ]  # fmt: skip
    pipeline = figures[1]
    deals = OPPORTUNITIES.model.objects.filter(account=account, status__kind__in=("open", "on_hold"))
    assert pipeline.note.startswith(f"{deals.count()} open")


@pytest.mark.parametrize("is_whole_day", [False, True])
def test_what_was_done_early_is_the_last_activity_on_the_day_it_was_done(world, is_whole_day):
    """DET-1: nothing that has happened stands in the future."""
    lead = writes.create(LEADS, {"subject": "Quay", "project": world.find("projects").pk}, by=SYSTEM)
    moment = timezone.now() + dt.timedelta(days=9)
    start = moment.date() if is_whole_day else moment
    values = {"subject": "Early", "category": "call", "lead": lead.pk, "start": start, "done": True}
    writes.create(registry.get("activities"), values, by=SYSTEM)
    figures = {str(figure.label): figure for figure in figures_of(FieldContext(world.admin, LEADS), lead)}
    assert figures["Last activity"].value == "Today"


def test_a_figure_is_hidden_from_those_who_may_not_see_its_source(world, browse):
    """ACC-6: a restricted value is in no figure; neither is a type that one may not see."""
    account = record_of(world, "accounts")
    shown = figures_of(FieldContext(world.users["director"], ACCOUNTS), account)
    assert "Open pipeline" in [str(figure.label) for figure in shown]
    FieldVisibility.objects.create(entity="opportunities", field="value", users=[world.admin.pk])
    invalidate()
    shown = figures_of(FieldContext(world.users["director"], ACCOUNTS), account)
    assert "Open pipeline" not in [str(figure.label) for figure in shown]


def test_empty_fields_are_folded_and_counted(world, browse):
    """DET-1: fields with a value stand outside of the fold, those without and boxes that aren't ticked in it."""
    lead = writes.create(
        LEADS, {"subject": "Quay", "company": "Fjord AS", "project": world.find("projects").pk}, by=SYSTEM
    )
    page = page_of(browse("administrator"), lead)
    filled, folded = page.split('class="empty-facts"')
    assert 'data-field="company"' in filled
    assert 'data-field="vat_number"' in folded
    assert 'data-field="is_archived"' in folded
    count = int(re.search(r"Show (\d+) empty fields", folded)[1])
    assert count == len(re.findall(r"data-field=", folded))
    assert 'data-field="created_at"' not in page
    assert 'data-field="created_at"' in page_of(browse("administrator"), lead, "?tab=history")


def test_the_tab_with_all_data_folds_nothing(world, browse):
    """ACCT-5: “Data” shows and edits everything."""
    page = page_of(browse("administrator"), record_of(world, "accounts"), "?tab=data")
    assert "empty-facts" not in page
    for field in ("vat_number", "created_at", "is_global"):
        assert f'data-field="{field}"' in page


def stage_url(record):
    """Return the address to which the bar of statuses posts."""
    return f"{record.get_absolute_url()}stage"


def steps_of(page):
    """Return the bar's statuses that can be chosen."""
    bar = re.search(r'<ol class="stages".*?</ol>', page, re.S)
    return re.findall(r'name="value" value="([^"]+)"', bar[0]) if bar else None


@pytest.fixture
def deal(world):
    """Return an open opportunity."""
    account = world.find("accounts").pk
    return writes.create(
        OPPORTUNITIES, {"name": "Crane", "project": world.find("projects").pk, "account": account}, by=SYSTEM
    )


def test_the_bar_moves_a_record_by_its_rules(browse, deal):
    """DET-1, OPP-2: the probability follows, the history names the change."""
    client = browse("administrator")
    page = page_of(client, deal)
    assert 'aria-current="step"' in page
    target = next(key for key in steps_of(page) if key not in ("won", "lost"))
    assert client.post(stage_url(deal), {"value": target}, headers=SCRIPT).status_code == 204
    deal.refresh_from_db()
    assert deal.status.key == target
    assert deal.probability == deal.status.probability
    plain = client.post(stage_url(deal), {"value": "new"})
    assert (plain.status_code, plain["Location"]) == (302, deal.get_absolute_url())


@pytest.mark.parametrize(("value", "verb", "is_page"), [("won", "sold", True), ("lost", "lost", False)])
def test_an_outcome_opens_the_action_that_reaches_it(browse, deal, value, verb, is_page):
    """OPP-5: on this way too; without scripts one is led to it."""
    client = browse("administrator")
    answer = client.post(stage_url(deal), {"value": value}, headers=SCRIPT)
    assert answer.status_code == 409
    assert answer.json()["url"] == f"{deal.get_absolute_url()}{verb}"
    assert answer.json()["is_page"] is is_page
    plain = client.post(stage_url(deal), {"value": value})
    assert plain["Location"] == f"{deal.get_absolute_url()}{verb}?status={value}"
    deal.refresh_from_db()
    assert deal.status.key == "new"


def test_the_bar_refuses_what_is_no_status(browse, deal):
    client = browse("administrator")
    for value in ("", "nonsense", "\x00", "9" * 5000):
        assert client.post(stage_url(deal), {"value": value}, headers=SCRIPT).status_code == 422, value
    assert client.get(stage_url(deal)).status_code == 405


@pytest.mark.parametrize("posted", [{}, {"value": ""}])
def test_the_bar_does_not_reset_a_record_without_a_status(world, browse, posted):
    """LEAD-6: the status of a lead isn't required, and an empty one would become that of a new lead."""
    leads = registry.get("leads")
    values = {"subject": "Crane", "project": world.find("projects").pk}
    lead = writes.change(writes.create(leads, values, by=SYSTEM), {"status": "touched"}, by=SYSTEM)
    assert browse("administrator").post(stage_url(lead), posted, headers=SCRIPT).status_code == 422
    lead.refresh_from_db()
    assert fields_of(leads)["status"].get(lead) == "touched"


def test_the_bar_is_plain_text_for_readers_and_absent_without_the_status(world, browse, deal):
    """ACC-6, ACC-7: who may not change a record is offered nothing, who may not see the status sees no bar."""
    reader = browse("read-only")
    if reader.get(deal.get_absolute_url()).status_code == 200:
        assert steps_of(page_of(reader, deal)) == []
        assert reader.post(stage_url(deal), {"value": "lost"}, headers=SCRIPT).status_code == 403
    assert browse("stranger").post(stage_url(deal), {"value": "lost"}, headers=SCRIPT).status_code == 404
    FieldRule.objects.create(entity="opportunities", field="status", mode="read_only")
    invalidate()
    assert not set(steps_of(page_of(browse("administrator"), deal))) - {"won", "lost"}
    FieldRule.objects.all().delete()
    FieldVisibility.objects.create(entity="opportunities", field="status", users=[world.admin.pk])
    invalidate()
    page = page_of(browse("director"), deal)
    assert steps_of(page) is None
    assert browse("director").post(stage_url(deal), {"value": "lost"}, headers=SCRIPT).status_code == 404


def test_a_sold_deal_is_not_moved_by_the_bar(world, browse, deal):
    """SOLD-2: its steps say why."""
    OPPORTUNITIES.model.objects.filter(pk=deal.pk).update(is_locked=True)
    page = page_of(browse("administrator"), deal)
    assert "won" not in steps_of(page)


def test_what_changes_with_a_record_is_a_part_of_its_own(browse, deal):
    """DET-3a: scripts replace head, figures, tabs, actions, fields and timeline after a change."""
    page = page_of(browse("administrator"), deal)
    parts = re.findall(r'id="([\w-]+)"[^>]* data-part', page)
    assert {"page-head", "record-figures", "record-tabs", "record-actions", "record-facts", "timeline"} <= set(parts)


def test_a_hidden_field_is_not_in_the_head(world, browse):
    """ACC-6: neither its value nor its label."""
    account = record_of(world, "accounts")
    writes.change(account, {"phone": "+47 22 33 44 55"}, by=SYSTEM)
    assert 'data-head="phone"' in page_of(browse("director"), account)
    FieldVisibility.objects.create(entity="accounts", field="phone", users=[world.admin.pk])
    invalidate()
    page = page_of(browse("director"), account)
    assert 'data-head="phone"' not in page
    assert "22 33 44 55" not in page


@ENTITIES
def test_one_button_of_a_page_stands_out(world, browse, key):
    """DET-1: the first action that is possible, or none."""
    page = page_of(browse("administrator"), record_of(world, key))
    panel = page.split('id="record-actions"')[1].split("</aside>")[0]
    assert panel.count("btn-primary") <= 1
    assert "btn-success" not in panel
