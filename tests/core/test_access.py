"""The access layer: roles, visibility, projects, organization chart, private records, partners, fields (ACC-1…8)."""

import pytest
from django.db.models import Q

from kanal.core import access, registry, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.access.queryset import access_condition
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.models import Assignment, FieldVisibility, Role
from kanal.kit.errors import NotAllowed, NotFound

ALL = ["view", "add", "edit", "delete"]


def seen(user, action="view"):
    """Return the names of the ships on which a user may do an action."""
    access.forget_permissions(user)
    return sorted(access.visible_to(user, registry.get("ships"), action).values_list("name", flat=True))


def test_visibility_all_team_own(make_ship, make_user):
    """ACC-3: all, own and subordinates' at any depth, own (author, assignee or member)."""
    boss = make_user(rules={"ships": ("team", ALL)})
    head = make_user(supervisor=boss.pk, rules={"ships": ("own", ALL)})
    seller = make_user(supervisor=head.pk, rules={"ships": ("own", ALL)})
    director = make_user(rules={"ships": ("all", ALL)})
    make_ship(name="boss", assignee=boss.pk)
    make_ship(name="seller", assignee=seller.pk)
    make_ship(name="crewed", crew=[seller.pk])
    make_ship(name="nobody")
    assert seen(seller) == ["crewed", "seller"]
    assert seen(boss) == ["boss", "crewed", "seller"]
    assert seen(director) == ["boss", "crewed", "nobody", "seller"]


def test_sharing_shows_subordinates_but_lets_nobody_edit(make_ship, make_user):
    """ACC-4: a supervisor views, never edits unless permitted by their own role; the setting turns it off."""
    from kanal.core import settings

    boss = make_user(rules={"ships": ("own", ALL)})
    seller = make_user(supervisor=boss.pk, rules={"ships": ("own", ALL)})
    make_ship(name="seller", assignee=seller.pk)
    assert (seen(boss), seen(boss, "edit")) == (["seller"], [])
    settings.set_setting("organization.share_access", False)
    assert seen(boss) == []


def test_roles_hold_in_their_project_and_below(make_ship, make_user, make_project):
    """ACC-1: roles through membership, direct or by group, inherited by subprojects if so set."""
    top = make_project()
    below = make_project(parent=top.pk)
    other = make_project()
    for project in (top, below, other):
        make_ship(name=f"in {project.pk}", project=project.pk)
    user = make_user(rules={"ships": ("all", ALL)}, project=top)
    assert seen(user) == sorted([f"in {top.pk}", f"in {below.pk}"])
    Assignment.objects.filter(user=user).update(inherited=False)
    rebuild_grants()
    assert seen(user) == [f"in {top.pk}"]
    member = make_user()
    group = writes.create(registry.get("groups"), {"name": "Crew", "members": [member.pk]}, by=SYSTEM)
    Assignment.objects.create(role=Role.objects.get(assignments__user=user), group_id=group.pk, project=other)
    rebuild_grants()
    assert seen(member) == [f"in {other.pk}"]
    writes.change(group, {"members": []}, by=SYSTEM)
    assert seen(member) == []


def test_edit_own_is_for_own_records(make_ship, make_user):
    """ACC-2: edit own."""
    user = make_user(rules={"ships": ("all", ["view", "edit_own"])})
    make_ship(name="mine", assignee=user.pk)
    make_ship(name="other")
    assert (seen(user), seen(user, "edit")) == (["mine", "other"], ["mine"])


def test_a_condition_tells_whether_only_what_others_have_to_themselves_is_hidden(make_user, admin):
    """ACC-5, ACC-7: search and sorting read it, so that little that is hidden makes neither of them slow."""
    ships, quotes = registry.get("ships"), registry.get("quotes")
    director = make_user(rules=dict.fromkeys(("ships", "opportunities", "quotes"), ("all", ALL)))
    seller = make_user(rules=dict.fromkeys(("ships", "opportunities", "quotes"), ("own", ALL)))
    assert [access_condition(user, ships).hides_little for user in (admin, director, seller)] == [True, True, False]
    assert [access_condition(user, quotes).hides_little for user in (admin, director, seller)] == [True, True, False]
    assert access_condition(director, ships).hidden == Q(private_to_id__isnull=False) & ~Q(private_to_id=director.pk)


def test_a_private_record_is_seen_by_its_owner_alone(make_ship, make_user, admin):
    """ACC-5: not even by an administrator; what links to it shows no name."""
    owner = make_user(rules={"ships": ("own", ALL)})
    ship = make_ship(name="secret", assignee=owner.pk)
    writes.update_system_fields(ship, by=SYSTEM, private_to_id=owner.pk)
    assert seen(owner) == ["secret"]
    assert seen(admin) == []
    assert access.display_names(admin, registry.get("ships"), [ship.pk]) == {}
    with pytest.raises(NotFound):
        access.get_for(admin, registry.get("ships"), ship.pk)


def test_partner_users_see_their_partners_records_alone(make_ship, make_user):
    """ACC-8: for partner users this rule prevails, whatever their role says."""
    from django.apps import apps

    partner, other = (apps.get_model("partners.Partner").objects.create(name=name) for name in ("Ours", "Theirs"))
    user = make_user(rules={"ships": ("all", ALL)}, user_type="partner", partner=partner.pk)
    make_ship(name="ours", partner=partner.pk)
    make_ship(name="theirs", partner=other.pk)
    make_ship(name="nobody's")
    assert seen(user) == ["ours"]


def test_fields_are_for_those_to_whom_they_are_shown(make_user, admin):
    """ACC-6: by user, user type or group."""
    ships = registry.get("ships")
    chosen = make_user(rules={"ships": ("all", ALL)})
    director = make_user(rules={"ships": ("all", ALL)}, user_type="director")
    other = make_user(rules={"ships": ("all", ALL)})
    FieldVisibility.objects.create(entity="ships", field="price", users=[chosen.pk], user_types=["director"])
    invalidate()
    shown = [user for user in (chosen, director, admin, other) if "price" in access.FieldContext(user, ships).readable]
    assert shown == [chosen, director, admin]


def test_seen_but_not_permitted_is_said_so(make_ship, make_user):
    """ACC-7: a record that may not be seen is not found; one that may be seen but not changed is refused."""
    user = make_user(rules={"ships": ("own", ["view"])})
    mine, other = make_ship(assignee=user.pk), make_ship()
    with pytest.raises(NotAllowed):
        access.get_for(user, registry.get("ships"), mine.pk, "edit")
    with pytest.raises(NotFound):
        access.get_for(user, registry.get("ships"), other.pk, "edit")


def test_nobody_sees_anything_without_a_role(make_ship, make_user):
    """ACC-1: no role, no record; a user who was switched off likewise."""
    make_ship()
    user = make_user(rules={"ships": ("all", ALL)})
    assert len(seen(user)) == 1
    user.is_active = False
    assert seen(user) == []
    assert seen(make_user()) == []


def test_what_may_be_done_to_a_child_is_asked_of_its_own_parent_alone(make_user):
    """PERF-4: a quote's rights are not looked up among all opportunities; the question names the record first."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kanal.core.access import permitted_actions

    user = make_user(rules={"opportunities": ("team", ["view"]), "quotes": ("team", ["edit"])})
    quotes = registry.get("quotes")
    with CaptureQueriesContext(connection) as caught:
        assert permitted_actions(user, quotes, quotes.model(pk=1), ["edit", "delete"]) == set()
    assert [
        query["sql"].partition("FROM")[0].count("IN (SELECT") for query in caught if "quotes_quote" in query["sql"]
    ] == [0]
