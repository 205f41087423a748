"""A user's records are handed over to another (ACC-9)."""

import pytest

from kanal.core import registry, writes
from kanal.core.actor import SYSTEM, Actor
from kanal.core.models import Change
from kanal.entities.people.actions import hand_over
from kanal.entities.people.models import Group
from kanal.entities.splitter.models import Share
from kanal.kit.errors import Invalid

pytestmark = pytest.mark.django_db


def test_records_change_hands_with_their_history_and_rights_do_not(make_user, admin):
    """Assignees and members move, authors, groups and the organization chart stay."""
    leaver, heir = make_user(last_name="Leaver"), make_user(last_name="Heir")
    ships = registry.get("ships")
    assigned = writes.create(ships, {"name": "Assigned", "assignee": leaver.pk}, by=SYSTEM)
    crewed = writes.create(ships, {"name": "Crewed", "crew": [leaver.pk, admin.pk]}, by=SYSTEM)
    both = writes.create(ships, {"name": "Both", "crew": [leaver.pk, heir.pk]}, by=SYSTEM)
    authored = writes.create(ships, {"name": "Authored"}, by=Actor(leaver).within_action("test"))
    group = writes.create(registry.get("groups"), {"name": "Sellers", "members": [leaver.pk]}, by=SYSTEM)
    report = make_user(last_name="Report", supervisor=leaver.pk)
    hand_over(leaver, {"user": heir.pk}, by=Actor(admin))
    for ship in (assigned, crewed, both, authored, report):
        ship.refresh_from_db()
    assert assigned.assignee == heir
    assert heir.pk in assigned.owner_ids
    assert leaver.pk not in assigned.owner_ids
    assert set(crewed.crew.values_list("pk", flat=True)) == {heir.pk, admin.pk}
    assert set(both.crew.values_list("pk", flat=True)) == {heir.pk}
    assert authored.created_by == leaver
    assert list(Group.objects.get(pk=group.pk).members.all()) == [leaver]
    assert report.supervisor == leaver
    entry = Change.objects.filter(entity="ships", record_id=assigned.pk).latest("id")
    assert (entry.verb, entry.actor_id) == ("hand-over", admin.pk)


def test_only_an_active_other_user_of_the_same_company_takes_over(make_user, admin):
    leaver, gone = make_user(), make_user(is_active=False)
    for user in (leaver, gone):
        with pytest.raises(Invalid):
            hand_over(leaver, {"user": user.pk}, by=Actor(admin))


def test_the_dialog_offers_who_can_take_over(client, make_user, admin):
    """What the list offers, the action accepts: neither partner users nor inactive ones, nor the user."""
    leaver, heir, gone = make_user(), make_user(last_name="Heir"), make_user(last_name="Gone", is_active=False)
    partner = writes.create(registry.get("partners"), {"name": "Svea AB"}, by=SYSTEM)
    outsider = make_user(user_type="partner", partner=partner.pk)
    client.force_login(admin)
    url = f"/settings/users/{leaver.pk}/hand-over"
    offered = {item["id"] for item in client.get(url).context["items"]}
    assert heir.pk in offered
    assert offered.isdisjoint({leaver.pk, gone.pk, outsider.pk})
    assert client.post(url, {"picked": outsider.pk}).status_code == 422
    assert client.post(url, {"picked": heir.pk}).status_code == 302


def test_shares_of_the_splitter_change_hands(make_user, admin):
    """The heir's share takes the leaver's place, in the form and in what the splitter reads."""
    leaver, heir, other = make_user(), make_user(), make_user()
    shares = [{"user": leaver.pk, "percent": "60"}, {"user": other.pk, "percent": "40"}]
    row = writes.create(registry.get("splitter-filters"), {"name": "All", "shares": shares}, by=SYSTEM)
    hand_over(leaver, {"user": heir.pk}, by=Actor(admin))
    row.refresh_from_db()
    assert [share["user"] for share in row.shares] == [heir.pk, other.pk]
    assert sorted(Share.objects.filter(filter=row).values_list("user_id", flat=True)) == sorted([heir.pk, other.pk])
