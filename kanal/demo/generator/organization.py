"""Prerequisites of generated records: users in an organization chart, partners, projects, campaigns."""

from django.contrib.auth.hashers import make_password

from kanal.core import registry, writes
from kanal.core.access.materialized import rebuild_grants, rebuild_projects, rebuild_supervisors
from kanal.core.actor import SYSTEM
from kanal.core.models import Assignment, Category, Role
from kanal.demo.faker import ascii_of
from kanal.demo.generator.loading import Load, Tell, first_free_id, load_rows, write_history
from kanal.demo.generator.pools import World, companies
from kanal.entities.campaigns.models import Campaign
from kanal.entities.partners.models import Partner
from kanal.entities.people.models import User
from kanal.entities.projects.models import Project

PASSWORD = "kanal-demo"  # noqa: S105 - of demo users, as documented
REGIONS = ("Nordics", "DACH", "Central Europe", "Iberia", "France", "British Isles", "North America")
TEAM = 10
USER = (
    "id", "username", "email", "first_name", "last_name", "name", "user_type", "password", "supervisor_id",
    "created_at", "updated_at",
)  # fmt: skip


def people(world: World, count: int, tell: Tell) -> None:
    """Create users with the roles of their position: a director, leads of teams of ten, and sellers."""
    inventor, first, password = world.inventor("users"), first_free_id(User), make_password(PASSWORD)
    leads = max(count // (TEAM + 1), 1) if count > 1 else 0
    moment, rows = f"{world.today.isoformat()} 06:00:00+00", []
    for place in range(count):
        given, last = inventor.person(inventor.country())
        name = f"{ascii_of(given)}.{ascii_of(last)}.{first + place}"
        above = r"\N" if place == 0 else str(first) if place <= leads else str(first + 1 + (place - 1) % leads)
        kind = "director" if place == 0 else "representative"
        rows.append((
            str(first + place), name, f"{name}@kanal.example", given, last, f"{given} {last}", kind, password, above,
            moment, moment,
        ))  # fmt: skip
    load_rows(Load(User, USER, rows, count, first), tell)
    write_history(User, first, first + count - 1)
    roles = {role.key: role.pk for role in Role.objects.all()}
    Assignment.objects.bulk_create(  # direct write: assignments aren't records
        Assignment(role_id=roles["director" if place == 0 else "representative"], user_id=first + place)
        for place in range(count)
    )
    rebuild_supervisors()
    rebuild_grants()
    world.users = list(range(first, first + count))
    world.sellers = world.users[1:] or world.users


def projects(world: World) -> None:
    """Create the project CRM with its regions, if missing."""
    entity = registry.get("projects")
    top = Project.objects.filter(identifier="crm").first() or writes.create(
        entity, {"name": "CRM", "identifier": "crm", "modules": ["crm", "tasks", "files"]}, by=SYSTEM
    )
    for name in REGIONS:
        if not Project.objects.filter(parent=top, name=name).exists():
            writes.create(entity, {"name": name, "parent": top.pk, "modules": ["crm", "tasks"]}, by=SYSTEM)
    rebuild_projects()
    world.projects = list(Project.objects.filter(parent=top).order_by("pk").values_list("pk", flat=True))


def partners(world: World, count: int) -> None:
    """Create partners, each with a manager from the sellers."""
    inventor, entity = world.inventor("partners"), registry.get("partners")
    for place, firm in enumerate(companies(inventor, count)):
        name, domain, phone, street, city, postcode, region, country = firm
        made = writes.create(
            entity,
            {
                "name": f"{name} Partner {place + 1}", "email": f"info@{domain}", "phone": phone,
                "street": street, "city": city, "postcode": postcode, "region": region, "country": country,
                "manager": world.sellers[int(inventor.random.random() * len(world.sellers))],
            },
            by=SYSTEM,
        )  # fmt: skip
        world.partners.append(made.pk)
    world.partners = world.partners or list(Partner.objects.values_list("pk", flat=True))


def campaigns(world: World, count: int) -> None:
    """Create campaigns in the regions."""
    inventor, entity = world.inventor("campaigns"), registry.get("campaigns")
    if not Category.objects.filter(group="campaign_status").exists():
        return
    for place in range(count):
        made = writes.create(
            entity,
            {"name": f"Campaign {place + 1}", "project": world.projects[place % len(world.projects)],
             "costs": {"amount": str(inventor.amount(4000)), "currency": "EUR"}},
            by=SYSTEM,
        )  # fmt: skip
        world.campaigns.append(made.pk)
    world.campaigns = world.campaigns or list(Campaign.objects.values_list("pk", flat=True))
