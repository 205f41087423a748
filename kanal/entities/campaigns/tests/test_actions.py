"""What is done with campaigns (CAMP-1, CAMP-4)."""

import datetime as dt

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM
from kanal.core.models import Category, Change
from kanal.core.verbs import input_fields
from kanal.entities.accounts.tests.factories import by, make, make_project, make_user
from kanal.entities.campaigns.actions import archive, unarchive
from kanal.entities.campaigns.seed import seed
from kanal.kit.errors import Invalid

pytestmark = pytest.mark.django_db


def make_campaign(by=SYSTEM, **values):
    return make("campaigns", by, **{"name": "Spring fair", "project": make_project().pk, **values})


def test_camp_1_a_campaign_begins_active_and_knows_its_money():
    user = make_user()
    campaign = make_campaign(by(user), costs={"amount": "1000", "currency": "NOK"}, planned_budget=2000)
    assert (campaign.status.key, campaign.owner) == ("active", user)
    assert (campaign.costs_main, campaign.planned_budget_main) == (86, 2000)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"start": dt.date(2026, 5, 1), "end": dt.date(2026, 4, 1)}, "end"),
        ({"costs": -1}, "costs"),
        ({"name": ""}, "name"),
    ],
)
def test_camp_1_what_does_not_fit_is_named_at_its_field(values, wrong):
    with pytest.raises(Invalid) as problem:
        make_campaign(**values)
    assert wrong in problem.value.errors


def test_camp_1_no_campaign_stands_below_itself():
    top = make_campaign()
    below = make_campaign(parent=top.pk)
    with pytest.raises(Invalid):
        writes.change(top, {"parent": below.pk}, by=SYSTEM)


def test_camp_4_archive_and_unarchive_ask_for_the_status():
    user, campaign = make_user(), make_campaign()
    entity = registry.get("campaigns")
    assert [str(field.label) for field in input_fields(entity, registry.action(entity, "archive"))] == [
        "Campaign status"
    ]
    assert registry.action(entity, "archive").dialog.initial(campaign) == {"status": "archived"}
    archive(campaign, {"status": "archived"}, by=by(user))
    campaign.refresh_from_db()
    assert (campaign.status.key, campaign.is_archived) == ("archived", True)
    left_out = [bool(registry.action(entity, verb).hidden(campaign)) for verb in ("archive", "unarchive")]
    assert left_out == [True, False]
    unarchive(campaign, {"status": "active"}, by=by(user))
    campaign.refresh_from_db()
    assert (campaign.status.key, campaign.is_archived) == ("active", False)
    assert Change.objects.filter(entity="campaigns", verb="archive", actor_id=user.pk).count() == 1


def test_camp_1_seeding_again_leaves_own_statuses_alone():
    Category.objects.filter(group="campaign_status", key="archived").delete()
    seed()
    assert list(Category.objects.filter(group="campaign_status").values_list("key", flat=True)) == ["active"]


def test_camp_4_unarchive_leads_out_of_the_archive(client):
    """No status is offered or taken by which the campaign would stay archived."""
    campaign = make_campaign()
    archive(campaign, {"status": "archived"}, by=SYSTEM)
    field = registry.action(registry.get("campaigns"), "unarchive").dialog.inputs[0]
    assert "archived" not in {option.key for option in field.options()}
    with pytest.raises(ValueError, match="archived"):
        field.clean("archived")
    assert field.clean("active") == "active"
