"""Ways to more rights or to foreign contents that a review found: each is closed (ACC-1, ACC-8, FILE-2)."""

from kanal.core import registry, tokens, writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.actor import SYSTEM, Actor
from kanal.core.cache import invalidate
from kanal.core.models import Assignment, Role, RoleRule, SavedFilter
from kanal.features.files.actions import attach
from kanal.features.files.models import File


def test_a_manager_of_members_gives_only_roles_that_they_have_there(world, client):
    """ACC-1: a role held in one project gives none in another, nor below it."""
    projects = registry.get("projects")
    ours = world.records["projects"]
    below = writes.create(projects, {"name": "Below", "identifier": "below", "parent": ours.pk}, by=SYSTEM)
    other = writes.create(projects, {"name": "Other", "identifier": "other"}, by=SYSTEM)
    manager, strong = world.users["stranger"], Role.objects.create(key="strong", name="Strong")
    weak = Role.objects.create(key="weak", name="Weak")
    RoleRule.objects.create(role=weak, entity="projects", actions=["view", "manage_members"], visibility="all")
    Assignment.objects.create(role=weak, user=manager)
    Assignment.objects.create(role=strong, user=manager, project=other, inherited=False)
    rebuild_grants()
    invalidate()
    client.force_login(manager)

    def give(project, role, inherited=""):
        url, posted = f"/projects/{project.pk}/members", {"user": manager.pk, "role": role.pk, "inherited": inherited}
        status = client.post(url, posted).status_code
        return status, Assignment.objects.filter(role=role, project=project, inherited=bool(inherited)).exists()

    assert give(ours, strong) == (403, False)
    assert give(below, weak) == (302, True)
    assert give(other, strong) == (302, True)
    Assignment.objects.create(role=strong, user=manager, project=ours, inherited=False)
    rebuild_grants()
    invalidate()
    assert give(ours, strong, "true") == (403, False)


def test_an_internal_content_goes_into_no_file_that_partners_see(world):
    """ACC-8, FILE-2: nor does a partner's content become a version of an internal file of the same name."""
    leads, lead = registry.get("leads"), world.records["leads"]
    inside, outside = (
        Actor(world.admin).within_action("prepare"),
        Actor(world.users["partner"]).within_action("prepare"),
    )

    def put(name, by, internal=False):
        version = attach(leads, lead.pk, name, b"content", by=by, is_internal=internal)
        return version.file.name, version.number, version.file.is_internal

    assert put("plan.txt", outside) == ("plan.txt", 1, False)
    assert put("plan.txt", inside, True) == ("plan (2).txt", 1, True)
    assert put("plan.txt", inside, True) == ("plan (2).txt", 2, True)
    assert put("plan (2).txt", outside) == ("plan (2) (2).txt", 1, False)
    assert put("plan (2).txt", inside) == ("plan (2).txt", 3, True)
    long = "x" * 146 + ".txt"
    assert put(long, outside)[0] == long
    assert len(put(long, inside, True)[0]) <= File._meta.get_field("name").max_length


def test_public_filters_of_types_that_are_not_seen_are_not_listed(world, call):
    """ACC-7, ACC-8: the API gives saved filters of types that the reader may view, partners what is opened to them."""
    for key, audience in (("leads", "chosen"), ("intake-sources", "chosen"), ("accounts", "public")):
        SavedFilter.objects.create(
            name=f"Public {key}", entity=key, owner=world.admin, audience=audience,
            user_types=["partner", "administrator"],
            tree={"field": "name", "op": "is", "values": ["x"]},
        )  # fmt: skip
    world.tokens["partner"] = tokens.create_token(world.users["partner"], "test")
    listed = {user: str(call("GET", "/saved-filters", user=user)[1]) for user in ("administrator", "partner")}
    assert "Public intake-sources" in listed["administrator"]
    assert "Public leads" in listed["partner"]
    assert "Public intake-sources" not in listed["partner"]
    assert "Public accounts" in listed["administrator"]
    assert "Public accounts" not in listed["partner"]
