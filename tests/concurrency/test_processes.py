"""Two web servers on one database: what one changes counts in the other from its next answer on (ACC-2, ACC-6).

Each has remembered what was before: it is asked first, then something changes, then it is asked once more.
"""

import threading
import time
from types import SimpleNamespace

import pytest
from django.conf import settings as config
from django.test import Client

from kanal.core import administration, registry, settings, tokens, writes
from kanal.core.actor import SYSTEM, Actor
from kanal.core.cache import invalidate
from kanal.core.models import ApiToken, Assignment, Currency, ExchangeRate, FieldVisibility, Role, RoleRule
from kanal.entities.leads.tests.factories import make, make_lead, make_project, make_user, numbers
from kanal.entities.people.models import Group
from tests.serving import serving

ACTIONS = ["view", "add", "edit", "export"]
WITHIN = 4.0  # the live channel says two seconds; the machine may be busy


@pytest.fixture(scope="module")
def servers(committed, tmp_path_factory):
    """Start two servers with one process each."""
    with serving(tmp_path_factory.mktemp("one")) as first, serving(tmp_path_factory.mktemp("two")) as two:
        yield first, two


@pytest.fixture
def scene(servers, admin):
    """Make a seller with a role, a colleague below them, a lead of each, tokens and sessions."""
    settings.set_setting("organization.share_access", False)
    project = make_project()
    seller = make_user("own", ACTIONS)
    below = make_user("own", ACTIONS)
    lead, other = (make_lead(assignee=user.pk, project=project.pk) for user in (seller, below))
    role = Role.objects.get(assignments__user=seller)
    token, boss = tokens.create_token(seller, "seller"), tokens.create_token(admin, "admin")
    return SimpleNamespace(
        servers=servers, admin=admin, seller=seller, below=below, lead=lead, other=other, role=role, token=token,
        boss=boss, session=session_of(seller), project=project,
    )  # fmt: skip


def session_of(user):
    """Sign in as people do, and return the session's key."""
    client, password = Client(), "a long word 4711 of theirs"
    user.set_password(password)
    writes.update_system_fields(user, by=SYSTEM, password=user.password)
    answer = client.post("/login/", {"login": user.username, "password": password})
    assert answer.status_code == 302, answer.content
    return client.cookies[config.SESSION_COOKIE_NAME].value


def by(scene):
    return Actor(scene.admin)


def statuses(scene, method, path, data=None, **who):
    """Ask both servers; return the statuses."""
    return [server.ask(method, path, data, **who).status for server in scene.servers]


def seen(scene, lead):
    """Return whether the seller sees a lead, by API and page of each server."""
    api = statuses(scene, "GET", f"/api/v1/leads/{lead.pk}", token=scene.token)
    return api + statuses(scene, "GET", f"/crm/leads/{lead.pk}/", session=scene.session)


def test_actions_of_a_role(scene):
    """ACC-2: both refuse the change at once."""
    change = ("PATCH", f"/api/v1/leads/{scene.lead.pk}", {"subject": "Other"})
    assert statuses(scene, *change, token=scene.token) == [200, 200]
    assert statuses(scene, "GET", f"/crm/leads/{scene.lead.pk}/edit", session=scene.session) == [200, 200]
    administration.save_rules(scene.role, {"leads": (["view"], "own")}, [], by=by(scene))
    assert statuses(scene, *change, token=scene.token) == [403, 403]
    assert statuses(scene, "GET", f"/crm/leads/{scene.lead.pk}/edit", session=scene.session) == [403, 403]
    assert statuses(scene, "GET", "/crm/leads/data/export.csv", session=scene.session) == [403, 403]


def test_a_role_that_is_withdrawn(scene):
    assert seen(scene, scene.lead) == [200] * 4
    administration.withdraw(Assignment.objects.get(role=scene.role), by=by(scene))
    assert set(seen(scene, scene.lead)) <= {403, 404}


def test_a_visibility_that_grows_and_shrinks(scene):
    assert seen(scene, scene.other) == [404] * 4
    for visibility, status in (("all", 200), ("own", 404), ("all", 200)):
        administration.save_rules(scene.role, {"leads": (ACTIONS, visibility)}, [], by=by(scene))
        assert seen(scene, scene.other) == [status] * 4


def test_a_role_by_group(scene):
    group = make("groups", name=f"Group {next(numbers)}", members=[scene.seller.pk])
    role = Role.objects.create(key=f"group-{group.pk}", name=f"Group {group.pk}")
    RoleRule.objects.create(role=role, entity="leads", visibility="all", actions=["view"])
    assert seen(scene, scene.other) == [404] * 4
    administration.assign(role, by=by(scene), group_id=group.pk)
    assert seen(scene, scene.other) == [200] * 4
    answer = scene.servers[0].ask("PATCH", f"/api/v1/groups/{group.pk}", {"members": []}, token=scene.boss)
    assert (answer.status, Group.objects.get(pk=group.pk).members.count()) == (200, 0)
    assert seen(scene, scene.other) == [404] * 4


def test_the_organization_chart_and_its_setting(scene):
    """ACC-4: a supervisor sees what those below them see, as long as that is shared."""
    assert seen(scene, scene.other) == [404] * 4
    settings.set_setting("organization.share_access", True)
    body = {"supervisor": scene.seller.pk}
    assert scene.servers[1].ask("PATCH", f"/api/v1/users/{scene.below.pk}", body, token=scene.boss).status == 200
    assert seen(scene, scene.other) == [200] * 4
    settings.set_setting("organization.share_access", False)
    assert seen(scene, scene.other) == [404] * 4


def test_a_user_who_is_deactivated(scene):
    """ACC-9: by the first server; sessions and tokens end in both, and stay ended."""
    assert seen(scene, scene.lead) == [200] * 4
    address = f"/api/v1/users/{scene.seller.pk}"
    assert scene.servers[0].ask("PATCH", address, {"is_active": False}, token=scene.boss).status == 200
    assert seen(scene, scene.lead) == [401, 401, 302, 302]
    assert scene.servers[1].ask("PATCH", address, {"is_active": True}, token=scene.boss).status == 200
    assert seen(scene, scene.lead) == [401, 401, 302, 302]


def test_an_administrator_who_becomes_a_seller(scene):
    former = make_user("own", ACTIONS, user_type="administrator")
    session = session_of(former)
    assert statuses(scene, "GET", "/settings/roles/", session=session) == [200, 200]
    body = {"user_type": "representative"}
    assert scene.servers[0].ask("PATCH", f"/api/v1/users/{former.pk}", body, token=scene.boss).status == 200
    assert set(statuses(scene, "GET", "/settings/roles/", session=session)) <= {403, 404}
    assert set(statuses(scene, "GET", f"/crm/leads/{scene.lead.pk}/", session=session)) == {404}


def test_a_token_that_is_withdrawn_or_expires(scene):
    assert statuses(scene, "GET", "/api/v1/me", token=scene.token) == [200, 200]
    tokens.withdraw(ApiToken.objects.get(user=scene.seller), by=by(scene))
    assert statuses(scene, "GET", "/api/v1/me", token=scene.token) == [401, 401]


def test_a_field_that_is_hidden(scene):
    """ACC-6: absent in API, page, filter and export of both."""
    writes.change(scene.lead, {"description": "A secret wish"}, by=SYSTEM)

    def found():
        answers = [server.ask("GET", f"/api/v1/leads/{scene.lead.pk}", token=scene.token) for server in scene.servers]
        answers += [
            server.ask("GET", f"/crm/leads/{scene.lead.pk}/", session=scene.session) for server in scene.servers
        ]
        address = "/crm/leads/data/export.csv?columns=*"
        answers += [server.ask("GET", address, session=scene.session) for server in scene.servers]
        return ["A secret wish" in answer.text for answer in answers]

    assert found() == [True] * 6
    FieldVisibility.objects.create(entity="leads", field="description", user_types=["administrator"])
    assert found() == [False] * 6
    FieldVisibility.objects.all().delete()
    assert found() == [True] * 6


def test_a_custom_field(scene):
    """CF-1: a new field is taken by both, one that was deleted by none."""
    body = {"custom": {"weight": 7}}
    address = f"/api/v1/leads/{scene.lead.pk}"
    assert statuses(scene, "PATCH", address, body, token=scene.token) == [422, 422]
    given = {"entity": "leads", "key": "weight", "name": "Weight", "kind": "integer"}
    row = administration.save_custom_field(None, given, by=by(scene))
    assert statuses(scene, "PATCH", address, body, token=scene.token) == [200, 200]
    administration.delete_custom_field(row, by=by(scene))
    assert statuses(scene, "PATCH", address, body, token=scene.token) == [422, 422]


def test_a_currency_rate(scene):
    """MONEY-1: what is written from now on is converted by the new rate, whichever server writes."""
    currency, _made = Currency.objects.get_or_create(code="NOK")
    ExchangeRate.objects.filter(currency=currency).delete()
    ExchangeRate.objects.create(currency=currency, day="2020-01-01", rate="10")
    invalidate()

    def converted():
        made = []
        for server in scene.servers:
            values = {"name": "D", "project": scene.project.pk, "value": {"amount": "1000", "currency": "NOK"}}
            answer = server.ask("POST", "/api/v1/opportunities", values, token=scene.boss)
            assert answer.status == 201, answer.text
            made.append(answer.json["id"])
        model = registry.get("opportunities").model
        return [model.objects.get(pk=pk).value_main for pk in made]

    before = converted()
    ExchangeRate.objects.filter(currency=currency).update(rate="5")
    after = converted()
    assert before[0] == before[1] != after[0] == after[1]
    assert max(after[0], before[0]) == 2 * min(after[0], before[0])


def test_an_option(scene):
    """SET-1: its new name is shown by both, and once it is deleted it is chosen by none."""
    kept = administration.lists_of_choices()["category-industry"]
    row = administration.save_option(kept, None, {"name": f"Whaling {next(numbers)}"}, by=by(scene))
    account = make("accounts", organization=f"Hval {row.pk} AS")
    change = ("PATCH", f"/api/v1/accounts/{account.pk}", {"industry": row.key})
    assert statuses(scene, *change, token=scene.boss) == [200, 200]
    session = session_of(scene.admin)
    administration.save_option(kept, row, {"name": "Fishery"}, by=by(scene))
    pages = [server.ask("GET", f"/crm/accounts/{account.pk}/", session=session) for server in scene.servers]
    assert ["Fishery" in page.text and "Whaling" not in page.text for page in pages] == [True, True]
    writes.change(account, {"industry": None}, by=SYSTEM)
    administration.delete_option(row, by=by(scene))
    assert statuses(scene, *change, token=scene.boss) == [422, 422]


def test_a_setting(scene):
    """SET-5, ACC-9: a limit of requests counts in both from the next request on."""
    ask = ("GET", "/api/v1/me")
    assert statuses(scene, *ask, token=scene.token) == [200, 200]
    settings.set_setting("api.requests_per_minute", 1)
    try:
        assert 429 in statuses(scene, *ask, token=scene.token)
    finally:
        settings.set_setting("api.requests_per_minute", None)
    assert statuses(scene, *ask, token=scene.token) == [200, 200]


def test_the_address_of_an_intake(scene):
    """INTAKE-1: the old address ends in both at once."""
    source = make("intake-sources", name=f"Site {next(numbers)}", default_project=scene.project.pk)
    old = f"/api/v1/intake/{source.key}"
    assert statuses(scene, "POST", old, {"email": "a@example.com"}) == [202, 202]
    writes.update_system_fields(source, by=SYSTEM, key="brand-new-key-of-the-source")
    assert statuses(scene, "POST", old, {"email": "b@example.com"}) == [404, 404]


def test_the_streams_of_a_user_end(scene):
    """JOB-2: the page at the second server is told to stop soon after the first one deactivates its user."""
    import urllib.request

    first, two = scene.servers
    request = two.request("GET", f"/live?on=leads&on=leads.{scene.lead.pk}", session=scene.session)
    lines, ready = [], threading.Event()

    def listen():
        with urllib.request.urlopen(request, timeout=30) as stream:
            for line in stream:
                lines.append((time.monotonic(), line.decode().strip()))
                ready.set()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert ready.wait(30)
    began = time.monotonic()
    body = {"is_active": False}
    assert first.ask("PATCH", f"/api/v1/users/{scene.seller.pk}", body, token=scene.boss).status == 200
    thread.join(20)
    assert not thread.is_alive()
    ended = [at for at, line in lines if line == "event: end"]
    assert ended
    assert ended[0] - began < WITHIN
