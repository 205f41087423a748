"""What a generated world begins with: custom fields, projects, users, groups, roles; and which fields are limited."""

from typing import TYPE_CHECKING, Any

from kanal.core import registry, settings
from kanal.core.access.materialized import rebuild_grants, rebuild_supervisors
from kanal.core.cache import invalidate
from kanal.core.fields import fields_of
from kanal.core.models import Assignment, CustomField, FieldRule, FieldVisibility, Role, RoleRule
from kanal.features.search.indexing import is_searched, rebuild
from tests.access.oracle import INTERNAL

if TYPE_CHECKING:
    from tests.access.world import World

VISIBILITIES = ("all", "team", "own", "partner")
ACTIONS = ("view", "view", "export", "add", "edit", "edit_own", "delete", "import")
MADE_OF = {
    "accounts": {"organization", "first_name", "last_name"}, "contacts": {"first_name", "last_name"},
    "users": {"first_name", "last_name", "username"}, "leads": {"subject", "first_name", "last_name", "company"},
}  # fmt: skip


def custom(world: "World") -> None:
    """Add a custom field to some types."""
    for key in ("accounts", "leads", "opportunities", "ships"):
        CustomField.objects.create(entity=key, key="secret", name="Secret", kind="text", filterable=True)
    invalidate()


def projects(world: "World") -> None:
    """Make a tree of projects."""
    entity = registry.get("projects")
    for number in range(4):
        parent = world.dice.choice([None, *world.records.get("projects", [])])
        values = {"name": world.mark(), "identifier": f"gen-{number}", "modules": ["crm", "tasks", "files"]}
        world.keep(entity, {**values, "parent": parent and parent.pk})


def people(world: "World") -> None:
    """Make users of all sorts in a random organization chart, and groups."""
    entity = registry.get("users")
    ours = [world.keep(registry.get("partners"), world.marked(registry.get("partners"))) for _two in range(2)]
    kinds = ["administrator", "regular", "representative", "director", "regular", "partner", "partner"]
    for number, kind in enumerate(kinds):
        boss = world.dice.choice([None, *world.records.get("users", [])]) if kind != "partner" else None
        partner = ours[number % 2].pk if kind == "partner" else None
        values = {"last_name": world.mark(), "username": f"u{number}", "email": f"{world.mark()}@kanal.example"}
        values |= {"user_type": kind, "supervisor": boss and boss.pk, "partner": partner, "job_title": world.mark()}
        world.keep(entity, values)
    for _number in range(2):
        members = [user.pk for user in world.users if world.chance(0.4)]
        world.keep(registry.get("groups"), {"name": world.mark(), "members": members})
    rebuild_supervisors()


def roles(world: "World") -> None:
    """Make roles with random rules and give them to users and groups, everywhere or in a project."""
    for number in range(4):
        role = Role.objects.create(key=f"gen-{number}", name=f"Role {number}")
        for key in [*registry.keys(), "comments", "files"]:
            if world.chance(0.75):
                rule(world, role, key)
        for _time in range(2):
            give(world, role)
    for user in world.users:
        if world.chance(0.7):
            give(world, world.dice.choice(list(Role.objects.filter(key__startswith="gen-"))), user)
    settings.set_setting("organization.share_access", world.chance(0.5))
    rebuild_grants()


def rule(world: "World", role: Role, key: str) -> None:
    """Give a role a random rule for a type; most let one view."""
    entity = registry.find(key)
    verbs = [action.needs for action in registry.actions(entity)] if entity else ["private"]
    actions = {verb for verb in (*ACTIONS, *verbs) if world.chance(0.6)} | ({"view"} if world.chance(0.8) else set())
    visibility = world.dice.choice(VISIBILITIES)
    RoleRule.objects.create(role=role, entity=key, actions=sorted(actions), visibility=visibility)


def give(world: "World", role: Role, user: Any = None) -> None:
    """Give a role to a user, or to a random user or group."""
    project = world.dice.choice([None, *world.records["projects"]])
    who = user or world.dice.choice([*world.users, *world.records["groups"]])
    column = "user" if who in world.users else "group"
    inherited = world.chance(0.6)
    Assignment.objects.get_or_create(role=role, project=project, **{column: who}, defaults={"inherited": inherited})


def limits(world: "World") -> None:
    """Show some fields to a few only; never what a record is named by, nor what is limited from the beginning."""
    for entity in registry.all_entities():
        named = {entity.title, "id"} | MADE_OF.get(entity.key, set())
        for key in fields_of(entity):
            if key not in named and (entity.key, key) not in INTERNAL and world.chance(0.25):
                FieldVisibility.objects.create(
                    entity=entity.key, field=key,
                    users=[user.pk for user in world.users if world.chance(0.2)],
                    groups=[group.pk for group in world.records["groups"] if world.chance(0.3)],
                    user_types=[kind for kind in ("regular", "director") if world.chance(0.2)],
                )  # fmt: skip
    for entity, field in (("leads", "job_title"), ("accounts", "street"), ("opportunities", "need")):
        FieldRule.objects.create(entity=entity, field=field, mode=FieldRule.Mode.HIDDEN)
    invalidate()
    for entity in registry.all_entities():
        if is_searched(entity):
            rebuild(entity)
