"""A partner user does the main job with leads of their own, and reads nothing internal (PART-1a, PART-5, ACC-8)."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kanal.core import access, registry, settings, tokens, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import SYSTEM, Actor
from kanal.core.cache import invalidate
from kanal.core.models import Assignment, FieldVisibility, Role, SavedFilter
from kanal.entities.accounts.tests.factories import make
from kanal.entities.quotes.tests.factories import Shop, quote, shop
from kanal.entities.selling.actions import sold
from kanal.features.comments.actions import say
from kanal.features.files.actions import attach
from kanal.kit.errors import Invalid

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Shop:
    """Return a shop whose book is open to partners."""
    store = shop()
    writes.change(store.book, {"open_to_partners": True}, by=SYSTEM)
    return store


@pytest.fixture
def partner(of: Shop) -> Any:
    """Return a partner that was added to no project."""
    return make("partners", name="Fjordpartner")


@pytest.fixture
def user(partner: Any) -> Any:
    """Return a partner's user with the seeded role."""
    partner_user = make(
        "users", username="astrid", last_name="Berg", email="a@partner.example", user_type="partner",
        partner=partner.pk,
    )  # fmt: skip
    Assignment.objects.create(role=Role.objects.get(key="partner"), user=partner_user)
    rebuild_grants()
    invalidate()
    return partner_user


@pytest.fixture
def lead(of: Shop, partner: Any) -> Any:
    """Return a lead that was handed to the partner."""
    values = {"company": "Fjord AS", "last_name": "Hansen", "email": "ola@fjord.example", "project": of.project.pk}
    return make("leads", **values, partner=partner.pk)


class Api:
    """The API as the partner's user calls it."""

    def __init__(self, user: Any) -> None:
        self.client, self.headers = Client(), {"Authorization": f"Bearer {tokens.create_token(user, 'test')}"}

    def __call__(self, method: str, path: str, data: Any = None, status: int = 200) -> Any:
        response = self.client.generic(
            method, f"/api/v1{path}", b"" if data is None else json.dumps(data),
            content_type="application/json", headers=self.headers,
        )  # fmt: skip
        assert response.status_code == status, response.content
        return response.json() if response.content else None


def test_the_main_job_by_api(of, user, lead):
    """LEAD-5, PART-5: from the assigned lead to a generated quote and the sale, by API."""
    api = Api(user)
    api("POST", "/activities", {"category": "call", "subject": "Called", "lead": lead.pk}, 201)
    deal = api("POST", f"/leads/{lead.pk}/qualify", {})
    assert deal["project"] == of.project.pk
    payload = {"name": "Offer", "price_book": of.book.pk, "brand": of.brand.pk}
    offer = api("POST", f"/opportunities/{deal['id']}/new-quote", payload)
    items = [{"product": of.licence.pk, "amount": 12}]
    api("POST", f"/quotes/{offer['id']}/add-items", {"items": items})
    templates = api("GET", "/templates")["items"]
    files = api("GET", f"/templates/{templates[0]['id']}/files")["items"]
    api("POST", f"/quotes/{offer['id']}/generate", {"template": str(files[0]["id"])})
    assert [item["name"] for item in api("GET", f"/opportunities/{deal['id']}/files")["items"]]
    api("POST", f"/opportunities/{deal['id']}/sold", {})
    assert api("GET", f"/opportunities/{deal['id']}")["is_locked"]


def test_new_records_need_no_project_and_are_the_partners(user, partner):
    """PART-5: where a partner's records stand follows from the settings; whose they are is not theirs to change."""
    api = Api(user)
    usual = settings.value("b2b.partner_project")
    for key, values in (("leads", {"last_name": "New"}), ("opportunities", {"name": "New"})):
        made = api("POST", f"/{key}", values, 201)
        assert made["partner"] == partner.pk
        assert made["project"] is not None
        assert usual in (None, made["project"])
    api("POST", "/leads", {"last_name": "Lost", "partner": None}, 403)


def test_only_projects_of_ones_own_records_can_be_chosen(of, user, lead):
    """PART-1a: a picker names the projects that the partner works in, and no other."""
    secret = make("projects", name="Merger", modules=["crm"])
    client = Client()
    client.force_login(user)
    names = {item["label"] for item in client.get("/pick/projects").json()["items"]}
    assert of.project.name in names
    assert secret.name not in names
    assert client.get(f"/projects/{of.project.pk}/").status_code in (403, 404)
    Api(user)("POST", "/leads", {"last_name": "New", "project": secret.pk}, 422)


def test_what_is_internal_is_on_no_channel(of, user, lead):
    """PB-4, ACC-8: costs, internal files, private comments, others' filters, and what the splitter knows."""
    writes.change(of.licence, {"cost": {"amount": "777.77", "currency": "EUR"}, "minimum_margin": "33"}, by=SYSTEM)
    seller = make("users", username="nora", last_name="Lund", email="n@kanal.example", user_type="administrator")
    by, leads = Actor(seller), registry.get("leads")
    attach(leads, lead.pk, "calculation.txt", b"x", by=by, is_internal=True)
    say(leads, lead.pk, "Our secret", is_private=True, by=by)
    SavedFilter.objects.create(entity="leads", name="Colleagues", owner=seller, audience="public")
    client, leaks = Client(), []
    client.force_login(user)
    pages = (
        f"/pricing/products/{of.licence.pk}/", f"/pricing/products/{of.licence.pk}/history", "/pricing/products/",
        "/pricing/products/data/export.csv?columns=name,cost,minimum_margin", f"/crm/leads/{lead.pk}/",
        f"/crm/leads/{lead.pk}/?tab=files", "/crm/leads/data/", "/saved-filters/leads/",
        f"/api/v1/products/{of.licence.pk}", "/api/v1/saved-filters", f"/api/v1/leads/{lead.pk}/files",
    )  # fmt: skip
    for url in pages:
        response = client.get(url, headers=Api(user).headers if url.startswith("/api") else {})
        text = b"".join(response.streaming_content) if response.streaming else response.content
        leaks += [(url, word) for word in (b"777.77", b"calculation", b"Our secret", b"Colleagues") if word in text]
    assert not leaks
    for tab in ("splitter", "intake"):
        assert client.get(f"/crm/leads/{lead.pk}/?tab={tab}").status_code == 404
        assert f"tab={tab}" not in client.get(f"/crm/leads/{lead.pk}/").content.decode()
    assert access.FieldContext(user, registry.get("products")).readable.keys().isdisjoint({"cost", "minimum_margin"})
    assert access.FieldContext(seller, registry.get("products")).readable.keys() >= {"cost", "minimum_margin"}


def test_a_partner_does_not_unlock_what_we_sold(of, user, partner):
    """SOLD-2: a sale of the own company stays locked, even for a role that may unlock."""
    rule = Role.objects.get(key="partner").rules.get(entity="opportunities")
    assert "unlock" not in rule.actions
    rule.actions = [*rule.actions, "unlock"]
    rule.save()
    access.forget_permissions(user)
    writes.change(of.opportunity, {"partner": partner.pk}, by=SYSTEM)
    quote(of)
    sold(of.opportunity, {}, by=SYSTEM)
    Api(user)("POST", f"/opportunities/{of.opportunity.pk}/unlock", {}, 409)
    client = Client()
    client.force_login(user)
    assert "/unlock" not in client.get(f"/crm/opportunities/{of.opportunity.pk}/").content.decode()


def test_a_seller_sells_to_somebody_elses_private_account(of, make_user):
    """ACC-5, SOLD-1: who may sell the deal sells it, though the account's name stays hidden from them."""
    author = make_user(user_type="representative")
    rights = ("all", ["view", "edit", "sold", "new_quote"])
    seller = make_user(dict.fromkeys(("opportunities", "accounts", "quotes", "contracts"), rights))
    writes.update_system_fields(of.account, by=SYSTEM, created_by_id=author.pk)
    writes.change(of.account, {"is_private": True}, by=Actor(author).within_action("prepare"))
    quote(of)
    assert sold(of.opportunity, {}, by=Actor(seller)).is_locked
    assert {contract.account_id for contract in of.opportunity.contracts.all()} == {of.account.pk}
    assert access.display_names(seller, registry.get("accounts"), [of.account.pk]) == {}


def test_internal_files_are_marked_by_page_and_api(of, user, partner, admin):
    """ACC-8: whoever attaches a file inside says whether partners see it, and may change that."""
    writes.change(of.opportunity, {"partner": partner.pk}, by=SYSTEM)
    client, url = Client(), f"/crm/opportunities/{of.opportunity.pk}/"
    client.force_login(admin)
    assert "is_internal" in client.get(f"{url}?tab=files").content.decode()
    client.post(f"{url}files", {"file": SimpleUploadedFile("plan.txt", b"a"), "is_internal": "true"})
    api, outside = Api(admin), Api(user)
    (file,) = api("GET", f"/opportunities/{of.opportunity.pk}/files")["items"]
    assert file["is_internal"]
    assert outside("GET", f"/opportunities/{of.opportunity.pk}/files")["items"] == []
    api("PATCH", f"/files/{file['id']}", {"is_internal": False})
    assert outside("GET", f"/opportunities/{of.opportunity.pk}/files")["items"]
    outside("PATCH", f"/files/{file['id']}", {"is_internal": True}, 403)
    assert not api("GET", f"/opportunities/{of.opportunity.pk}/files")["items"][0]["is_internal"]
    client.post(f"/files/{file['id']}/rename", {"name": "plan.txt", "description": "", "is_internal": "true"})
    outside("DELETE", f"/files/{file['id']}", status=404)
    with pytest.raises(Invalid):
        attach(registry.get("opportunities"), of.opportunity.pk, "x.txt", b"", by=Actor(admin))


@pytest.mark.parametrize("may_unlock", [True, False])
def test_a_lock_says_what_its_reader_can_do(may_unlock, of, user, partner, make_user):
    """DET-1, SOLD-2: "Unlock it first" stands only where the reader has the button."""
    keys = dict.fromkeys(("quotes", "quote-items", "contracts"), ("all", ["view", "edit", "delete", "duplicate"]))
    verbs = ["view", "edit", "sold", "move", *(["unlock"] if may_unlock else [])]
    seller = make_user({"opportunities": ("all", verbs), **keys})
    writes.change(of.opportunity, {"partner": partner.pk}, by=SYSTEM)
    offer = quote(of)
    sold(of.opportunity, {}, by=SYSTEM)
    urls = (of.opportunity.get_absolute_url(), offer.get_absolute_url(), f"{of.opportunity.get_absolute_url()}move")
    for reader, can_unlock in ((seller, may_unlock), (user, False)):
        client = Client()
        client.force_login(reader)
        pages = [client.get(url).content.decode() for url in urls]
        answers = [Api(reader)("PATCH", f"/quotes/{offer.pk}", {"name": "Other"}, 409)["detail"]]
        answers += [Api(reader)("POST", f"/quotes/{offer.pk}/duplicate", {}, 409)["detail"]]
        assert all("Unlock it first" in text for text in answers) is can_unlock
        assert any("Unlock it first" in text for text in (*pages, *answers)) is can_unlock
        assert all("sold and locked" in text for text in (*pages[:1], *answers))


def test_a_partner_keeps_what_its_own_users_wrote_and_no_more(of, user, partner, lead, admin):
    """ACC-8, FILE-2, DET-3: files and comments of ours are read outside, and neither changed nor replaced."""
    leads, outside = registry.get("leads"), Api(user)
    colleague = make("users", username="per", last_name="Dahl", email="p@partner.example", user_type="partner",
                     partner=partner.pk)  # fmt: skip
    for member in (user, colleague):
        Assignment.objects.get_or_create(role=Role.objects.get(key="partner"), user=member)
    rebuild_grants()
    invalidate()
    ours = attach(leads, lead.pk, "plan.txt", b"ours", by=Actor(admin)).file
    theirs = attach(leads, lead.pk, "notes.txt", b"theirs", by=Actor(colleague)).file
    said = say(leads, lead.pk, "From inside", by=Actor(admin))
    heard = say(leads, lead.pk, "From a colleague", by=Actor(colleague))
    for role_adds in ((), ("edit", "delete")):
        for rule in Role.objects.get(key="partner").rules.filter(entity__in=("comments", "files")):
            rule.actions = ["add", *role_adds]
            rule.save()
        invalidate()
        outside("DELETE", f"/files/{ours.pk}", status=403)
        outside("PATCH", f"/files/{ours.pk}", {"name": "other.txt"}, 403)
        outside("DELETE", f"/comments/{said.pk}", status=403)
        outside("PATCH", f"/comments/{said.pk}", {"text": "Twisted"}, 403)
        client = Client()
        client.force_login(user)
        page = client.get(f"/crm/leads/{lead.pk}/?tab=files").content.decode()
        assert f"/files/{ours.pk}/delete" not in page
        assert (f"/files/{theirs.pk}/delete" in page) is bool(role_adds)
        assert client.post(f"/files/{ours.pk}/delete").status_code == 403
    client.post(f"/crm/leads/{lead.pk}/files", {"file": SimpleUploadedFile("plan.txt", b"other")})
    assert ours.versions.count() == 1
    assert "plan (2).txt" in [item["name"] for item in outside("GET", f"/leads/{lead.pk}/files")["items"]]
    outside("DELETE", f"/files/{theirs.pk}", status=204)
    outside("DELETE", f"/comments/{heard.pk}", status=204)


@pytest.mark.parametrize("hidden", ["quote-items.unit_price", "quotes.grand_total", "accounts.city"])
def test_a_document_is_for_those_who_read_what_it_tells(hidden, of, user, partner, admin, make_user):
    """ACC-6, ACC-8: who may not read a field has no document that tells of it, whoever made it; their own leaves it."""
    key, _dot, field = hidden.partition(".")
    writes.change(of.account, {"city": "Zqcity", "partner": partner.pk}, by=SYSTEM)
    writes.change(of.opportunity, {"partner": partner.pk}, by=SYSTEM)
    offer = quote(of, [{"name": "Travel", "amount": 1, "unit_price": "7391.37"}])
    rights = ("all", ["view", "edit", "generate"])
    seller = make_user(dict.fromkeys(("quotes", "quote-items", "opportunities", "accounts", "templates"), rights))
    template = Api(admin)("GET", "/templates")["items"][0]["id"]
    chosen = {"template": str(Api(admin)("GET", f"/templates/{template}/files")["items"][0]["id"])}
    Api(admin)("POST", f"/quotes/{offer.pk}/generate", chosen)
    page, url = f"/crm/opportunities/{of.opportunity.pk}/", f"/opportunities/{of.opportunity.pk}/files"
    (made,) = Api(admin)("GET", url)["items"]
    limit = FieldVisibility.objects.create(entity=key, field=field, user_types=["administrator"])
    invalidate()
    for reader in (user, seller):
        client = Client()
        client.force_login(reader)
        assert Api(reader)("GET", url)["items"] == []
        Api(reader)("GET", f"/files/{made['id']}/content", status=404)
        assert client.get(f"/files/{made['id']}").status_code == 404
        assert client.get(f"/files/{made['id']}/versions/1").status_code == 404
        assert all(made["name"] not in client.get(f"{page}{tab}").content.decode() for tab in ("", "?tab=files"))
    Api(user)("POST", f"/quotes/{offer.pk}/generate", chosen)
    assert [item["id"] != made["id"] for item in Api(user)("GET", url)["items"]] == [True]
    limit.delete()
    invalidate()
    assert made["id"] in [item["id"] for item in Api(seller)("GET", url)["items"]]


def test_a_document_that_names_another_ones_customer_is_internal(of, user, partner, admin):
    """ACC-8: a deal that was handed to a partner without its account shows the partner no document with the account."""
    writes.change(of.opportunity, {"partner": partner.pk}, by=SYSTEM)
    offer = quote(of)
    template = Api(admin)("GET", "/templates")["items"][0]["id"]
    chosen = {"template": str(Api(admin)("GET", f"/templates/{template}/files")["items"][0]["id"])}
    url = f"/opportunities/{of.opportunity.pk}/files"
    Api(admin)("POST", f"/quotes/{offer.pk}/generate", chosen)
    assert [item["is_internal"] for item in Api(admin)("GET", url)["items"]] == [True]
    assert Api(user)("GET", url)["items"] == []
    writes.change(of.account, {"partner": partner.pk}, by=SYSTEM)
    Api(user)("POST", f"/quotes/{offer.pk}/generate", chosen)
    assert len(Api(user)("GET", url)["items"]) == 1
    assert {item["is_internal"] for item in Api(admin)("GET", url)["items"]} == {True, False}
