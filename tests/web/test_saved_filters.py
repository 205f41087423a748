"""Who may publish a saved filter, and to whom one is offered (LIST-3, LIST-3a, ACC-6, ACC-8)."""

from typing import Any

import pytest
from django.test import Client

from kanal.core import query, registry, savedfilters, tokens, writes
from kanal.core.actor import SYSTEM
from kanal.core.cache import invalidate
from kanal.core.models import FieldVisibility, Role, SavedFilter

pytestmark = pytest.mark.django_db
VIEW = {"leads": ("all", ["view", "export"]), "partners": ("all", ["view"])}


@pytest.fixture
def colleague(make_user: Any) -> Any:
    """Return somebody inside who sees leads."""
    return make_user(VIEW, last_name="Colleague")


@pytest.fixture
def outsider(make_user: Any) -> Any:
    """Return a partner user who sees leads."""
    partner = writes.create(registry.get("partners"), {"name": "Fjordpartner"}, by=SYSTEM)
    return make_user(VIEW, user_type="partner", partner=partner.pk)


def saved(owner: Any, text: str = "", **values: Any) -> SavedFilter:
    """Keep a filter of leads."""
    tree = query.to_json(query.parse(text))
    return SavedFilter.objects.create(entity="leads", name="Theirs", owner=owner, tree=tree, **values)


def shown(user: Any) -> tuple[bool, bool, bool]:
    """Return whether the filter is offered as a tag, in the administration, and by API."""
    client = Client()
    client.force_login(user)
    headers = {"Authorization": f"Bearer {tokens.create_token(user, 'filters')}"}
    answers = (
        client.get("/crm/leads/data/"), client.get("/saved-filters/leads/"),
        client.get("/api/v1/saved-filters", headers=headers),
    )  # fmt: skip
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    return tuple(b"Theirs" in answer.content for answer in answers)


def publish(user: Any, **values: Any) -> SavedFilter:
    """Save a filter for everyone by the form."""
    client = Client()
    client.force_login(user)
    payload = {"name": "Mine", "filter": "", "audience": "public", "roles": [], "user_types": ["partner"], **values}
    assert client.post("/saved-filters/leads/new", payload).status_code == 302
    return SavedFilter.objects.get(name=payload["name"])


def test_publishing_takes_a_permission(make_user, colleague, admin):
    assert publish(colleague).audience == "private"
    steers = make_user(VIEW)
    role = Role.objects.get(assignments__user=steers)
    role.permissions = [savedfilters.PUBLISH]
    role.save()
    invalidate()
    assert publish(steers, name="Steered").audience == "public"
    assert publish(admin, name="Administered", audience="chosen").user_types == ["partner"]


def test_the_roles_that_steer_sales_may_publish():
    for key in ("director", "lead-manager"):
        assert savedfilters.PUBLISH in Role.objects.get(key=key).permissions
    assert savedfilters.PUBLISH not in Role.objects.get(key="representative").permissions


def test_what_was_published_stays_so_when_its_author_changes_it(colleague):
    kept = saved(colleague, audience="public")
    client = Client()
    client.force_login(colleague)
    client.post(f"/saved-filters/{kept.pk}/edit", {"name": "Theirs", "filter": "", "audience": "public"})
    kept.refresh_from_db()
    assert kept.audience == "public"


def test_outsiders_get_what_is_opened_to_them(admin, colleague, outsider):
    """ACC-8: “everyone” is everyone inside; the author's name stays inside."""
    theirs = saved(admin, audience="public")
    assert shown(colleague) == (True, True, True)
    assert shown(outsider) == (False, False, False)
    theirs.audience, theirs.user_types = "chosen", ["partner"]
    theirs.save()
    assert shown(outsider) == (True, True, True)
    client = Client()
    client.force_login(outsider)
    assert str(admin) not in client.get("/saved-filters/leads/").content.decode()


@pytest.mark.parametrize(
    ("text", "sort"), [("phone:set()", ""), ("(company:contains(x)|!phone:set())", ""), ("", "-phone")]
)
def test_a_filter_on_a_hidden_field_is_not_offered(admin, colleague, text, sort):
    """ACC-6, LIST-3a: neither its conditions nor its order tell of a field that the reader may not see."""
    saved(admin, text, sort=sort, audience="public")
    assert shown(colleague) == (True, True, True)
    FieldVisibility.objects.create(entity="leads", field="phone", user_types=["director"])
    invalidate()
    assert shown(colleague) == (False, False, False)
    assert shown(admin) == (True, True, True)


@pytest.mark.parametrize("is_partner", [False, True])
def test_page_and_api_offer_the_same_filters(admin, colleague, outsider, is_partner):
    """LIST-3a: a filter that was switched off, or that can't be read, is offered by neither, its owner included."""
    user = outsider if is_partner else colleague
    theirs = saved(user)
    assert shown(user)[::2] == (True, True)
    SavedFilter.objects.filter(pk=theirs.pk).update(problem="There is no such field.")
    assert savedfilters.visible_filters(user, registry.get("leads")) == []
    SavedFilter.objects.filter(pk=theirs.pk).update(problem="", tree={"field": "nothing"})
    assert shown(user)[::2] == (False, False)


def page_of(user: Any, address: str = "/saved-filters/leads/") -> str:
    """Return a page as text."""
    client = Client()
    client.force_login(user)
    return client.get(address).content.decode()


def test_a_broken_filter_says_why_to_who_can_mend_it(admin, colleague, make_user):
    """LIST-3a: it is offered to nobody, but its owner and an administrator read the reason and can edit it."""
    broken = saved(colleague, audience="public")
    SavedFilter.objects.filter(pk=broken.pk).update(tree={"field": "shoe_size", "op": "set", "values": []})
    for user in (colleague, admin):
        page = page_of(user)
        assert "Theirs" in page
        assert "There is no field “shoe_size”." in page
        assert "There is no field “shoe_size”." in page_of(user, f"/saved-filters/{broken.pk}/edit")
        assert "Theirs" not in page_of(user, "/crm/leads/data/")
    assert "Theirs" not in page_of(make_user(VIEW))
    client = Client()
    client.force_login(colleague)
    client.post(f"/saved-filters/{broken.pk}/edit", {"name": "Theirs", "filter": "phone:set", "audience": "private"})
    assert shown(colleague) == (True, True, True)


def test_a_filter_on_a_field_that_its_owner_no_longer_sees_says_so(colleague):
    """ACC-6: it is no tag and no default of theirs, and its administration tells why."""
    theirs = saved(colleague, "phone:set()", default_for={"users": [colleague.pk]})
    FieldVisibility.objects.create(entity="leads", field="phone", user_types=["director"])
    invalidate()
    assert shown(colleague) == (False, True, False)
    assert "There is no field “phone”." in page_of(colleague)
    theirs.refresh_from_db()
    assert theirs.problem == ""


def test_one_begins_with_one_filter(colleague):
    """LIST-3: a filter that the form makes one's default takes the place of the one before."""
    before = saved(colleague, default_for={"users": [colleague.pk]})
    made = publish(colleague, my_default="1", filter="phone:set")
    before.refresh_from_db()
    assert before.default_for["users"] == []
    assert made.default_for["users"] == [colleague.pk]


def test_only_what_one_is_offered_can_be_ones_default(admin, colleague):
    theirs, own = saved(admin), saved(colleague, default_for={"users": [colleague.pk]})
    client = Client()
    client.force_login(colleague)
    assert client.post(f"/saved-filters/{theirs.pk}/default").status_code == 404
    own.refresh_from_db()
    assert own.default_for["users"] == [colleague.pk]


def test_a_filter_can_not_be_changed_to_one_that_names_itself(colleague):
    """LIST-3a: neither in its form nor by “Save view”. What was stored stays."""
    own = saved(colleague, "phone:set")
    client = Client()
    client.force_login(colleague)
    text = f"saved:is({own.pk})"
    posted = {"name": "Theirs", "filter": text, "audience": "private"}
    response = client.post(f"/saved-filters/{own.pk}/edit", posted)
    assert response.status_code == 422
    assert "contains itself" in response.content.decode()
    response = client.post(f"/saved-filters/leads/save?filter={text}&saved={own.pk}", {"update": "1"})
    assert response.status_code == 422
    own.refresh_from_db()
    assert query.format_filter(query.from_json(own.tree)) == "phone:set"


def test_a_view_is_saved_with_its_whole_sort_or_not_at_all(colleague):
    """LIST-3: a sort that is cut off would name a field that doesn't exist."""
    client = Client()
    client.force_login(colleague)
    response = client.post(f"/saved-filters/leads/save?sort={','.join(['subject'] * 60)}", {"name": "Sorted"})
    assert response.status_code == 422
    assert not SavedFilter.objects.filter(owner=colleague).exists()
