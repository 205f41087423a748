"""A record of a type with added projects, made by somebody with a role in some projects alone (ACC-3a)."""

import json

import pytest
from django.test import Client

from kanal.core import access, registry, tokens, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import Actor
from kanal.core.cache import invalidate
from kanal.core.models import Assignment, Role
from kanal.kit.errors import Invalid

RULES = {"accounts": ("all", ["view", "add", "edit"]), "projects": ("all", ["view"])}
VALUES = {"accounts": {"organization": "Fjord AS", "type": "organization"}}


@pytest.fixture
def projects(make_project):
    """Return a project, one below it and another one."""
    upper = make_project()
    return upper, make_project(parent=upper.pk), make_project()


@pytest.fixture
def bound(make_user, projects):
    """Return a user whose role holds in one project and its subprojects."""
    return make_user(rules=RULES, project=projects[0])


def test_it_is_added_to_the_project_by_page_and_api(bound, projects):
    """The author sees what they made, and so do the others of the project."""
    client, token = Client(), {"Authorization": f"Bearer {tokens.create_token(bound, 'test')}"}
    answer = client.post("/api/v1/accounts", VALUES["accounts"], content_type="application/json", headers=token)
    assert json.loads(answer.content)["projects"] == [projects[0].pk], answer.content
    client.force_login(bound)
    page = client.post("/crm/accounts/new", {**VALUES["accounts"], "projects": [str(projects[0].pk)]})
    assert page.status_code == 302
    accounts = registry.get("accounts")
    assert access.visible_to(bound, accounts).count() == 2


def test_many_at_once_are_added_to_it_too(bound, projects):
    """Import and bulk go the same way."""
    outcome = writes.create_many(registry.get("accounts"), [VALUES["accounts"]] * 4, by=Actor(bound))
    assert all(list(record.projects.values_list("pk", flat=True)) == [projects[0].pk] for record in outcome.records)


def test_another_project_alone_is_refused_and_one_below_is_not(bound, projects):
    """What is made is made where its author may make it."""
    accounts, by = registry.get("accounts"), Actor(bound)
    with pytest.raises(Invalid) as problem:
        writes.create(accounts, {**VALUES["accounts"], "projects": []}, by=by)
    assert "projects" in problem.value.errors
    made = writes.create(accounts, {**VALUES["accounts"], "projects": [projects[1].pk]}, by=by)
    assert access.has_permission(bound, accounts, "view", made)


def test_who_has_the_role_in_several_projects_chooses(bound, projects):
    """Nothing is guessed where there are two."""
    role = Role.objects.get(assignments__user=bound)
    Assignment.objects.create(role=role, user=bound, project=projects[2])
    rebuild_grants()
    invalidate()
    user = type(bound).objects.get(pk=bound.pk)
    with pytest.raises(Invalid) as problem:
        writes.create(registry.get("accounts"), VALUES["accounts"], by=Actor(user))
    assert "projects" in problem.value.errors


def test_a_role_everywhere_binds_nobody(make_user):
    """An account need not be in a project."""
    user = make_user(rules=RULES)
    assert not writes.create(registry.get("accounts"), VALUES["accounts"], by=Actor(user)).projects.exists()
