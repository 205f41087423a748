"""The audit log (ACC-10): what is noted, who reads it, and that nobody changes it."""

from itertools import groupby

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from kanal.core import access, audit, registry, tokens, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import SYSTEM, Actor
from kanal.core.cache import invalidate
from kanal.core.models import Assignment, AuditEntry, CustomField, FieldVisibility, Role, RoleRule
from kanal.features.search import jobs
from kanal.features.search.finding import search_records
from tests.contract.world import give


def kinds() -> list[str]:
    """List the kinds of the entries, the oldest first."""
    return list(AuditEntry.objects.order_by("id").values_list("kind", flat=True))


def test_sign_ins_are_noted_without_passwords(world):
    """ACC-10: a failed attempt by the name that was given, a sign-in and a sign-out by the user."""
    user = type(world.admin).objects.get(pk=world.users["director"].pk)
    user.set_password("a long and good secret")
    user.save(update_fields=["password"])
    client = Client(REMOTE_ADDR="192.0.2.7")
    client.post("/login/", {"login": user.username, "password": "wrong"})
    client.post("/login/", {"login": user.username, "password": "a long and good secret"})
    client.post("/logout/")
    rows = list(AuditEntry.objects.order_by("id").values_list("kind", "actor", "address"))
    assert rows[-3][0] == "failure"
    assert rows[-2:] == [("login", str(user), "192.0.2.7"), ("logout", str(user), "192.0.2.7")]
    assert not AuditEntry.objects.filter(text__contains="secret").exists()


def test_rights_settings_exports_and_anonymizing_are_noted(world, browse):
    """ACC-10: permissions, settings, exports, anonymizations, tokens."""
    admin = browse()
    role = Role.objects.get(key="support")
    admin.post(f"/settings/roles/{role.pk}/", {"leads.actions": ["view"], "leads.visibility": "own"})
    admin.post(f"/settings/roles/{role.pk}/members", {"user": world.users["stranger"].pk})
    admin.post("/settings/options/files/", {"files.max_megabytes": "50"})
    admin.post("/settings/field-visibility/", {"type": "leads", "field": "email"})
    list(admin.get("/crm/leads/data/export.csv").streaming_content)
    admin.post("/me/tokens", {"name": "Script"})
    lead = world.records["leads"]
    registry.action(registry.get("leads"), "anonymize").run(lead, {}, by=Actor(world.admin))
    noted_kinds = [kind for kind, _same in groupby(kinds())]
    assert noted_kinds[-6:] == ["rights", "settings", "rights", "export", "token", "anonymized"]
    assert AuditEntry.objects.latest("id").text == f"Lead #{lead.pk}"


def test_administrators_alone_read_it(world, browse):
    """ACC-10: with filters by kind, user and time."""
    audit.note(audit.Kind.EXPORT, world.users["director"], "Leads")
    audit.note(audit.Kind.FAILURE, None, "somebody<script>")
    assert browse("director").get("/settings/audit/").status_code == 403
    page = browse().get("/settings/audit/").content.decode()
    assert "Leads" in page
    assert "somebody&lt;script&gt;" in page
    assert "somebody" not in browse().get("/settings/audit/?kind=export").content.decode()
    assert "somebody" not in browse().get(f"/settings/audit/?user={world.users['director'].pk}").content.decode()
    assert "Nothing matches" in browse().get("/settings/audit/?until=2001-01-01&since=no-day").content.decode()


@pytest.mark.parametrize("change", [lambda rows: rows.update(actor="nobody"), lambda rows: rows.delete()])
def test_nobody_changes_it(world, change):
    """ACC-10: the database refuses it."""
    audit.note(audit.Kind.LOGIN, world.admin)
    rows = AuditEntry.objects.all()
    with transaction.atomic(), pytest.raises(DatabaseError, match="audit log"):
        change(rows)
    transaction.set_rollback(False)


def test_only_administrators_make_and_change_administrators(world, call, client):
    """ACC-1: who may edit users can't become an administrator, nor take one's place by another e-mail address."""
    role = Role.objects.create(key="personnel", name="Personnel")
    RoleRule.objects.create(role=role, entity="users", actions=["view", "edit", "add"], visibility="all")
    clerk = writes.create(
        registry.get("users"), {"last_name": "Clerk", "username": "clerk", "email": "clerk@kanal.example"}, by=SYSTEM
    )
    give(clerk, role)
    rebuild_grants()
    world.tokens["clerk"] = tokens.create_token(clerk, "test")
    assert call("PATCH", f"/users/{clerk.pk}", {"user_type": "administrator"}, user="clerk")[0] == 403
    assert call("PATCH", f"/users/{world.admin.pk}", {"email": "clerk2@kanal.example"}, user="clerk")[0] == 403
    stranger = world.users["stranger"]
    assert call("PATCH", f"/users/{stranger.pk}", {"job_title": "New"}, user="clerk")[0] == 200
    client.force_login(clerk)
    for user, status in ((world.admin, 403), (stranger, 302)):
        answer = client.post(f"/settings/users/{user.pk}/set-password", {"password": "a-new-one-for-them"})
        assert answer.status_code == status
        user.refresh_from_db()
        assert user.check_password("a-new-one-for-them") == (status == 302)


def test_the_roles_of_a_user_name_no_hidden_project(world, client):
    """ACC-5, ACC-8: what a user's page says of their roles; outsiders read of no role but their own."""
    project = world.records["projects"]
    holder, reader = world.users["stranger"], world.users["owner"]
    role = Role.objects.create(key="there", name="Role there")
    Assignment.objects.create(role=role, user=holder, project=project)
    rebuild_grants()
    for user in (world.admin, reader, world.users["partner"]):
        client.force_login(user)
        text = client.get(f"/settings/users/{holder.pk}/?tab=roles").content.decode()
        is_told = user == world.admin
        assert access.visible_to(user, registry.get("projects")).filter(pk=project.pk).exists() or not is_told
        assert (project.name in text, "Role there" in text) == (is_told, is_told), user


def test_a_limited_field_leaves_the_search(world, browse):
    """ACC-6, SRCH-2: the index of the type is made anew without it, by a job; and with it when it is shown to all."""
    admin, account = browse(), world.records["accounts"]
    writes.change(account, {"email": "zanzibar@kanal.example"}, by=SYSTEM)
    assert account.pk in {hit.id for hit in search_records(world.admin, "zanzibar")}
    admin.post("/settings/field-visibility/", {"type": "accounts", "field": "email"})
    jobs.rebuild_type("accounts")
    hit_ids = {hit.id for hit in search_records(world.admin, "zanzibar")}
    assert account.pk not in hit_ids
    row = FieldVisibility.objects.get(entity="accounts", field="email")
    admin.post(f"/settings/field-visibility/{row.pk}/delete")
    jobs.rebuild_type("accounts")
    assert account.pk in {hit.id for hit in search_records(world.admin, "zanzibar")}


def test_the_api_names_no_hidden_field_and_no_role_to_outsiders(world, call):
    """ACC-6, ACC-8: not even what a custom field is called."""
    CustomField.objects.create(entity="leads", key="margin", name="Margin", kind="text")
    FieldVisibility.objects.create(entity="leads", field="custom.margin", user_types=["director"])
    invalidate()
    assert "Margin" in str(call("GET", "/custom-fields")[1])
    assert "Margin" not in str(call("GET", "/custom-fields", user="owner")[1])
    assert call("GET", "/roles", user="partner")[1]["items"] == []
    assert call("GET", "/roles")[1]["items"]
