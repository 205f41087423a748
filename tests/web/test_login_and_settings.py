"""Signing in, one's own profile, the settings area, health."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from kanal.core import access, registry
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.models import ApiToken, Assignment, Category, CustomField, FieldRule, Role, RoleRule

PASSWORD = "correct horse battery"


@pytest.fixture
def admin(world):
    """Return the administrator with a password."""
    user = type(world.admin).objects.get(pk=world.admin.pk)
    user.set_password(PASSWORD)
    type(user).objects.filter(pk=user.pk).update(password=user.password)
    cache.clear()
    return user


def test_one_signs_in_by_name_or_mail_and_out_again(admin, client):
    """ACC-9: login with a password; a wrong one says so."""
    assert client.get("/login/").status_code == 200
    wrong = client.post("/login/", {"login": admin.username, "password": "nonsense"})
    assert wrong.status_code == 200
    assert 'role="alert"' in wrong.content.decode()
    for login in (admin.username, admin.email):
        answer = client.post("/login/?next=/crm/", {"login": login, "password": PASSWORD, "next": "/crm/"})
        assert answer["Location"] == "/crm/"
        assert client.post("/logout/").status_code == 302
        assert client.get("/").status_code == 302


def test_nobody_signs_up(client, db):
    """ACC-9: users are invited."""
    assert "Sign up" not in client.get("/login/").content.decode()
    assert client.post("/login/closed/", {"email": "x@example.com"}).status_code in (200, 302)


def test_guessing_is_slowed_down(admin, client):
    """ACC-9: rate-limited."""
    codes = [client.post("/login/", {"login": admin.username, "password": f"no{n}"}).content for n in range(8)]
    assert b"Too many" in codes[-1]


def test_a_forgotten_password_is_reset_by_mail(admin, client):
    """ACC-9: password reset by mail."""
    assert client.post("/login/password/", {"email": admin.email}).status_code == 302
    link = re.search(r"http://testserver(/login/password/\S+)", mail.outbox[-1].body)
    assert link
    page = client.get(link[1], follow=True)
    assert page.status_code == 200
    url = page.redirect_chain[-1][0]
    done = client.post(url, {"password1": "another horse 7", "password2": "another horse 7"})
    assert done.status_code == 302
    admin.refresh_from_db()
    assert admin.check_password("another horse 7")


def test_the_profile_is_ones_own(world, browse):
    """ACC-9: language and time zone; a user without any role can change them."""
    client, user = browse("stranger"), world.users["stranger"]
    page = client.get("/me/")
    data = {"last_name": "Strange", "email": user.email, "language": "nb", "time_zone": "Europe/Oslo"}
    assert client.post("/me/", data).status_code == 302
    user = type(user).objects.get(pk=user.pk)
    assert (user.last_name, user.language, user.time_zone) == ("Strange", "nb", "Europe/Oslo")
    assert page.status_code == 200
    assert client.post("/me/", {**data, "time_zone": "Mars/Base"}).status_code == 422


def test_a_token_is_shown_once(world, browse):
    """ACC-9: named, scoped, expiring, shown once, stored hashed."""
    client = browse("stranger")
    page = client.post("/me/tokens", {"name": "script", "scope": "read", "days": "30"}).content.decode()
    token = re.search(r"kanal_[\w-]{40,}", page)
    assert token
    row = ApiToken.objects.get(name="script")
    assert row.scopes == ["read"]
    assert token[0] not in client.get("/me/").content.decode()
    assert browse("director").post(f"/me/tokens/{row.pk}/delete").status_code == 404
    client.post(f"/me/tokens/{row.pk}/delete")
    assert not ApiToken.objects.filter(pk=row.pk).exists()


PAGES = [
    "", "roles/", "roles/new", "categories/", "categories/category-industry/", "categories/category-industry/new",
    "custom-fields/", "custom-fields/new", "currencies/", "field-rules/", "field-visibility/", "options/b2b/",
    "options/company/", "options/organization/", "options/files/",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_settings_are_the_administrators(world, browse, page):
    """SET-1: an administrator opens them, others are told that they may not (or find nothing there)."""
    assert browse("administrator").get(f"/settings/{page}").status_code == 200
    refused = browse("representative").get(f"/settings/{page}")
    assert refused.status_code == (403 if page else 200)


def test_a_setting_is_checked_and_stored(world, browse):
    """SET-5: every setting is validated."""
    client = browse("administrator")
    assert client.post("/settings/options/files/", {"files.max_megabytes": "many"}).status_code == 422
    assert client.post("/settings/options/files/", {"files.max_megabytes": "7"}).status_code == 302
    from kanal.core import settings

    assert settings.value("files.max_megabytes") == 7


def test_a_role_gets_its_permissions_and_members(world, browse):
    """OP-SET-02: a role's permissions and visibility."""
    client = browse("administrator")
    client.post("/settings/roles/new", {"name": "Helper", "description": ""})
    role = Role.objects.get(name="Helper")
    client.post(f"/settings/roles/{role.pk}/", {"leads.actions": ["view", "nonsense"], "leads.visibility": "all"})
    rule = RoleRule.objects.get(role=role)
    assert (rule.entity, rule.actions, rule.visibility) == ("leads", ["view"], "all")
    stranger, lead = world.users["stranger"], world.find("leads")
    client.post(f"/settings/roles/{role.pk}/members", {"user": stranger.pk})
    invalidate()
    assert browse("stranger").get(f"/crm/leads/{lead.pk}/").status_code == 200
    member = Assignment.objects.get(role=role)
    client.post(f"/settings/roles/{role.pk}/members/{member.pk}/remove")
    access.forget_permissions(stranger)
    invalidate()
    assert browse("stranger").get(f"/crm/leads/{lead.pk}/").status_code == 404


def test_a_custom_field_joins_form_and_page(world, browse):
    """OP-SET-04: a custom field, renamed and translated; CF-4: disabling keeps the data."""
    client, lead = browse("administrator"), world.find("leads")
    choices = "Small\nbig | Large | #ff0000"
    data = {"name": "Size", "entity": "leads", "kind": "choice", "choices": choices, "is_active": "true"}
    data |= {"name_nb": "Størrelse", "position": "0"}
    assert client.post("/settings/custom-fields/new", data).status_code == 302
    row = CustomField.objects.get(key="size")
    assert row.choices[1] == {"key": "big", "label": "Large", "colour": "#ff0000"}
    assert row.translations == {"nb": "Størrelse"}
    assert "custom.size" in fields_of(registry.get("leads"))
    page = client.get(f"/crm/leads/{lead.pk}/edit")
    from tests.web.typing_in import posted

    client.post(f"/crm/leads/{lead.pk}/edit", {**posted(page.context["form"]), "custom.size": "big"})
    assert "Large" in client.get(f"/crm/leads/{lead.pk}/").content.decode()
    assert "1 records" in client.get(f"/settings/custom-fields/{row.pk}/delete").content.decode()


def test_options_that_are_used_stay(world, browse):
    """SET-1: an option that records use is not deleted."""
    client = browse("administrator")
    client.post(
        "/settings/categories/category-industry/new", {"name": "Space travel", "position": "3", "is_active": "true"}
    )
    option = Category.objects.get(group="industry", key="space_travel")
    account = world.find("accounts")
    type(account).objects.filter(pk=account.pk).update(industry=option)
    assert client.post(f"/settings/categories/category-industry/{option.pk}/delete").status_code == 409
    type(account).objects.filter(pk=account.pk).update(industry=None)
    assert client.post(f"/settings/categories/category-industry/{option.pk}/delete").status_code == 302


def test_a_field_permission_by_status(world, browse):
    """OP-SET-03, FORM-2: a field is read-only while the record has a status."""
    client, lead = browse("administrator"), world.find("leads")
    status = type(lead).objects.get(pk=lead.pk).status.key
    client.post("/settings/field-rules/", {"type": "leads", "field": "company", "mode": "read_only", "status": status})
    assert FieldRule.objects.filter(entity="leads", field="company").exists()
    page = client.get(f"/crm/leads/{lead.pk}/edit")
    assert "company" not in {entry.name for entry in page.context["form"].entries}


@pytest.mark.parametrize("wrong", [{"role": "999999999"}, {"role": "x"}, {"status": "nothing_like_this"}])
def test_a_field_permission_of_no_role_or_status_is_refused(world, browse, wrong):
    """FORM-2: such a rule would hold for nobody, or for everybody."""
    rule = {"type": "leads", "field": "company", "mode": "read_only", **wrong}
    assert browse("administrator").post("/settings/field-rules/", rule).status_code == 422
    assert not FieldRule.objects.exists()


def test_a_project_gets_the_tab_crm(world, browse):
    """OP-SET-01, OP-PROJ-01: with the module CRM on."""
    client, project = browse("administrator"), world.find("projects")
    tabs = [str(tab["label"]) for tab in client.get(f"/projects/{project.pk}/").context["tabs"]]
    assert "CRM" in tabs
    assert client.get(f"/projects/{project.identifier}/crm/").status_code == 200
    page = client.get(f"/projects/{project.identifier}/crm/opportunities/new")
    entry = next(candidate for candidate in page.context["form"].entries if candidate.name == "project")
    assert entry.text == str(project.pk)
    assert browse("stranger").get(f"/projects/{project.identifier}/crm/").status_code == 404


def test_members_come_and_go(world, browse):
    """ACC-1: a role in a project through membership."""
    client, project, role = browse("administrator"), world.find("projects"), Role.objects.get(key="representative")
    client.post(
        f"/projects/{project.pk}/members", {"user": world.users["stranger"].pk, "role": role.pk, "inherited": "true"}
    )
    member = Assignment.objects.get(project=project, role=role)
    assert browse("representative").post(f"/projects/{project.pk}/members/{member.pk}/remove").status_code in (403, 404)
    client.post(f"/projects/{project.pk}/members/{member.pk}/remove")
    assert not Assignment.objects.filter(pk=member.pk).exists()


def test_health(client, db):
    """docs/deployment.md: /healthz lives, /readyz serves; no login is needed."""
    assert client.get("/healthz").content == b"ok"
    assert client.get("/readyz").json()["ready"] is True


@pytest.mark.parametrize("url", ["/", "/crm/", "/crm/leads/", "/crm/settings/", "/me/"])
def test_everyday_pages_open_for_everyone_who_is_signed_in(world, browse, url):
    """NAV-1: what one may not open is left out, not broken."""
    for name in ("administrator", "director", "representative", "partner", "read-only", "stranger"):
        assert browse(name).get(url).status_code in (200, 403), (name, url)
