"""The splitter's pages (OP-LEAD-13)."""

import pytest
from django.test import Client

from kanal.core.access.materialized import rebuild_grants
from kanal.core.cache import invalidate
from kanal.core.models import Assignment, FieldVisibility, Role, RoleRule
from kanal.entities.leads.tests.factories import make, make_lead, make_user
from kanal.entities.splitter import actions
from kanal.entities.splitter.models import SplitterFilter

pytestmark = pytest.mark.django_db
HOME = "/settings/splitter-filters/"


@pytest.fixture
def client():
    test_client = Client()
    test_client.force_login(make_user(user_type="administrator"))
    return test_client


def posted(**values):
    given = {"name": "Norway", "is_active": "true", "position": "10", "sets_priority": "", "conditions": ""}
    return {**given, **values}


def test_op_lead_13_a_filter_is_made_by_its_form(client):
    seller = make_user()
    assert "New" in client.get(HOME).content.decode()
    assert client.get(f"{HOME}new").status_code == 200
    answer = client.post(
        f"{HOME}new",
        posted(
            conditions="country:any(NO,SE);channel:any(web_form);(priority:gt(10)|city:contains(Oslo))",
            share_of=[f"user:{seller.pk}", ""], share_percent=["33.33", ""],
        ),
    )  # fmt: skip
    row = SplitterFilter.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{HOME}{row.pk}/")
    assert row.shares == [{"user": seller.pk, "percent": "33.33"}]
    assert row.conditions["all"][1] == {"field": "channel", "op": "any", "values": ["web_form"]}
    text = client.get(f"{HOME}{row.pk}/edit").content.decode()
    assert all(part in text for part in ("Norway, Sweden", "33.33", "city:contains(Oslo)"))
    lead = make_lead(country="NO", channel="web_form")
    preview = client.get(f"{HOME}{row.pk}/preview").content.decode()
    assert "1 lead meets the conditions." in preview
    assert client.get(f"{HOME}{row.pk}/preview?leads=recent").status_code == 200
    actions.execute(row, by=actions.Actor())
    assert client.get(f"{HOME}{row.pk}/?tab=shares").status_code == 200
    assert "Norway" in client.get(f"/crm/leads/{lead.pk}/?tab=splitter").content.decode()


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"share_of": ["user:999999999"], "share_percent": ["5"]}, "There is no such user"),
        ({"share_of": ["user:1"], "share_percent": ["500"]}, "between 0.01 and 100"),
        ({"share_of": [""], "share_percent": ["5"]}, "a user or a partner"),
        ({"conditions": "what?", "sets_priority": "5"}, "can&#x27;t be read"),
        ({"conditions": "priority:gt(x)"}, "is not a valid value"),
        ({}, "at least one share"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, values, word):
    answer = client.post(f"{HOME}new", posted(**values))
    text = answer.content.decode()
    assert (answer.status_code, word in text, "Norway" in text) == (422, True, True)
    assert not SplitterFilter.objects.exists()


def test_more_rows_are_given_without_a_script(client):
    answer = client.post(f"{HOME}new", posted(then="more", share_of=["", ""], share_percent=["5", ""]))
    assert answer.content.decode().count('name="share_percent"') == 6


def test_a_seller_does_not_see_the_filters():
    client = Client()
    client.force_login(make_user("own"))
    row = make("splitter-filters", name="Set", sets_priority=5)
    assert [client.get(HOME + end).status_code for end in ("", "new", f"{row.pk}/edit", f"{row.pk}/preview")] == [
        403, 403, 404, 404,
    ]  # fmt: skip


def test_hidden_conditions_and_shares_stand_on_no_page():
    """ACC-6: a field that is limited is absent from the list, the preview, the tab and the form."""
    user, seller = make_user(), make_user()
    role = Role.objects.create(key="reader", name="Reader")
    RoleRule.objects.create(role=role, entity="splitter-filters", actions=["view", "edit"], visibility="all")
    Assignment.objects.create(role=role, user=user)
    rebuild_grants()
    row = make("splitter-filters", name="Set", conditions={"field": "city", "op": "is", "values": ["Zwolle"]},
               shares=[{"user": seller.pk, "percent": "77.7"}])  # fmt: skip
    client = Client()
    client.force_login(user)
    pages = [HOME, *(f"{HOME}{row.pk}/{end}" for end in ("", "preview", "?tab=shares", "edit"))]
    assert [word in client.get(pages[2]).content.decode() for word in ("Zwolle", str(seller))] == [True, True]
    for field in ("conditions", "shares"):
        FieldVisibility.objects.create(entity="splitter-filters", field=field, user_types=["director"])
    invalidate()
    for url in pages:
        text = client.get(url).content.decode()
        assert not [word for word in ("Zwolle", "77.7", str(seller)) if word in text], url
    assert client.get(pages[-1]).status_code == 403


def test_lead_3_the_overview_leads_to_the_quick_lists(client):
    text = client.get("/crm/leads/").content.decode()
    assert all(word in text for word in ("Free pool", "Unprocessed leads", "Lead splitter filters", "Campaigns"))
    from kanal.entities.leads.links import quick_lists

    for quick_list in quick_lists():
        assert client.get(quick_list["url"]).status_code == 200
