"""Pages that say what is so: filters that hide all, what a record's page hands on, addresses that lead somewhere."""

import json

from kanal.core import registry, settings, writes
from kanal.core.actor import SYSTEM
from tests.contract.conftest import call

__all__ = ["call"]


def page(client, url, status=200):
    """Return the text of a page."""
    answer = client.get(url, follow=True)
    assert answer.status_code == status, url
    return answer.content.decode()


def test_a_list_whose_usual_filter_hides_all_says_so(world, browse):
    """LIST-2: never “No … yet” where there is something; one click shows it."""
    accounts = registry.get("accounts")
    for account in accounts.model.objects.all():
        writes.update_system_fields(account, by=SYSTEM, is_archived=True)
    text = page(browse(), "/crm/accounts/data/")
    assert "No accounts yet" not in text
    assert "hidden by the default filter" in text
    assert 'href="/crm/accounts/data/?filter="' in text
    assert str(world.records["accounts"]) in page(browse(), "/crm/accounts/data/?filter=")


def test_what_is_begun_on_a_record_knows_it(world, browse):
    """NAV-3, NAV-4: by the “+” of its page; a call is with it."""
    account, lead = world.records["accounts"], world.records["leads"]
    text = page(browse(), f"/crm/opportunities/new?on=accounts.{account.pk}")
    assert f'<option value="{account.pk}" selected' in text
    assert str(lead) in page(browse(), f"/crm/activities/log-call?on=leads.{lead.pk}")
    assert browse().get(f"/crm/activities/log-call?on=projects.{world.records['projects'].pk}").status_code == 200
    assert browse().get("/crm/opportunities/new?on=accounts.999999").status_code == 200
    assert browse().get("/crm/opportunities/new?on=nothing").status_code == 200


def test_a_call_logged_on_a_record_shows_it_anew_and_offers_the_next_step(world, browse):
    """NAV-4, DET-3a: head, fields and timeline agree, and what follows is offered."""
    lead = world.records["leads"]
    url = f"/crm/leads/{lead.pk}/"
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{url}"}
    values = {"on": f"leads.{lead.pk}", "subject": "Call", "outcome": "Reached"}
    answer = browse().post("/crm/activities/log-call", values, headers=headers)
    assert answer.status_code == 200
    events = json.loads(answer["HX-Trigger"])
    assert "record:changed" in events
    assert events["toast"]["label"] == "Plan next step"
    assert "Reached" in page(browse(), url)
    assert "What comes next?" in page(browse(), events["toast"]["dialog"])


def test_the_addresses_of_the_contract_lead_somewhere(world, browse):
    """PROJ-2, PB-1, PB-8: a project by its identifier, the prices, all prices as one list."""
    project = world.records["projects"]
    assert project.name in page(browse(), f"/projects/{project.identifier}/")
    page(browse(), f"/projects/{project.identifier}/crm/")
    page(browse("stranger"), f"/projects/{project.identifier}/", 404)
    assert "Price books" in page(browse(), "/pricing/")
    assert "Prices" in page(browse(), "/pricing/overview/")
    sidebar = page(browse(), "/crm/")
    for label in ("Products", "Bundles", "Global price overview"):
        assert label in sidebar


def test_every_link_of_a_projects_crm_page_answers(world, browse):
    """PROJ-2: price books too, though they have no pages below a project."""
    import re

    project = world.records["projects"]
    text = page(browse(), f"/projects/{project.identifier}/crm/")
    for url in set(re.findall(r'href="(/(?:projects|pricing|crm)/[^"]*)"', text)):
        page(browse(), url.replace("&amp;", "&"))


def test_lists_of_options_are_told_apart(world, browse):
    """SET-1: no two of one name."""
    from kanal.core.administration import lists_of_choices

    labels = [choices.label for choices in lists_of_choices().values()]
    assert len(labels) == len(set(labels))


def test_all_settings_are_known_before_the_first_request():
    """SET-5: a shell knows the settings of boards without the table of addresses."""
    assert settings.value("kanban.leads.limit") == 0


def told_by(text):
    """Return the part of a page that stands in its tab."""
    return text.partition('role="tabpanel"')[2]


def test_an_empty_tab_says_what_is_so_and_offers_what_fills_it(world, browse):
    """DET-1: for every tab with a list of every type; the buttons are those that the reader may use."""
    shown = 0
    for entity in registry.all_entities():
        record = world.records.get(entity.key)
        for tab in registry.tabs(entity) if record is not None else ():
            if tab.list is None or tab.is_hidden(record, world.users["administrator"]):
                continue
            text = told_by(page(browse(), f"{entity.url(record.pk)}?tab={tab.key}"))
            if 'class="empty' not in text:
                continue
            shown += 1
            none = str(tab.none or registry.get(tab.list[0]).phrases.none)
            assert none in text or ("Nothing to show" in text and "Only records you can see" in text)
            empty = text.partition('class="empty')[2]
            assert str(tab.about) in text
            assert "btn" in empty or not tab.new, (entity.key, tab.key)
    assert shown > 5


def test_an_empty_tab_offers_the_records_own_actions(world, browse):
    """DET-1: a person is added to an account without one where the tab of its people says that there is none."""
    account = writes.create(registry.get("accounts"), {"organization": "Lonely Island"}, by=SYSTEM)
    text = told_by(page(browse(), f"{registry.get('accounts').url(account.pk)}?tab=people"))
    assert f"contacts/new?account={account.pk}" in text.partition('class="empty')[2]
    contracts = told_by(page(browse(), f"{registry.get('accounts').url(account.pk)}?tab=contracts"))
    assert "Contracts are created when an opportunity is sold." in contracts


def test_an_empty_timeline_and_an_empty_log_say_whether_something_was_filtered(world, browse):
    """DET-2, ACC-10: nothing of this kind is not nothing at all."""
    account = writes.create(registry.get("accounts"), {"organization": "Lonely Island"}, by=SYSTEM)
    url = registry.get("accounts").url(account.pk)
    assert "Nothing of this kind" in page(browse(), f"{url}?kind=comment")
    assert "No files yet" in page(browse(), f"{url}?tab=files")
    assert "Nothing matches" in page(browse(), "/settings/audit/?since=2099-01-01")


def test_the_list_of_every_type_is_found_below_data(world, browse):
    """Contract, “Pages”: /crm/quotes/data/ leads to the list of quotes with what the address says."""
    answer = browse().get("/crm/quotes/data/?filter=state:is(draft)&sort=-name")
    assert (answer.status_code, answer["Location"]) == (302, "/crm/quotes/?filter=state:is(draft)&sort=-name")
    assert browse("stranger").get("/crm/quotes/data/").status_code in (403, 404)
