"""The demo company's users in an organization chart, their groups and roles, regions and partners."""

import datetime as dt
from typing import Any

from django.contrib.auth.hashers import make_password

from kanal.core import writes
from kanal.core.access.materialized import rebuild_grants
from kanal.core.access.permissions import forget_permissions
from kanal.core.models import Assignment, Role
from kanal.demo.company import replay
from kanal.demo.company.context import Scene
from kanal.demo.faker import ascii_of
from kanal.demo.words import COUNTRIES, Country
from kanal.entities.projects.models import Project

PASSWORD = "kanal-demo"  # noqa: S105 - of the demo users, as documented
BY_CODE = {country.code: country for country in COUNTRIES}
# Username, first and last name, job, user type, supervisor, role.
STAFF = (
    ("admin", "Ada", "Winter", "Administrator", "administrator", "", "administrator"),
    ("director", "Ingrid", "Solberg", "Sales director", "director", "", "director"),
    ("lead.nordics", "Henrik", "Dahl", "Team lead Nordics", "representative", "director", "representative"),
    ("lead.dach", "Katharina", "Weber", "Team lead DACH", "representative", "director", "representative"),
    ("lead.south", "Javier", "Moreno", "Team lead South and West", "representative", "director", "representative"),
    ("seller", "Nora", "Lund", "Sales representative", "representative", "lead.nordics", "representative"),
    ("magnus", "Magnus", "Haugen", "Sales representative", "representative", "lead.nordics", "representative"),
    ("lena", "Lena", "Fischer", "Sales representative", "representative", "lead.dach", "representative"),
    ("felix", "Felix", "Schröder", "Sales representative", "representative", "lead.dach", "representative"),
    ("tereza", "Tereza", "Dvořák", "Sales representative", "representative", "lead.dach", "representative"),
    ("carlos", "Carlos", "Navarro", "Sales representative", "representative", "lead.south", "representative"),
    ("camille", "Camille", "Garnier", "Sales representative", "representative", "lead.south", "representative"),
    ("harry", "Harry", "Clarke", "Sales representative", "representative", "lead.south", "representative"),
    ("leads", "Emily", "Turner", "Lead manager", "regular", "director", "lead-manager"),
    ("accounts", "Jonas", "Richter", "Account manager", "regular", "director", "account-manager"),
    ("support", "Petra", "Horák", "Support and delivery", "regular", "director", "support"),
)  # fmt: skip
GROUPS = {
    "Sales Nordics": ("lead.nordics", "seller", "magnus"),
    "Sales DACH": ("lead.dach", "lena", "felix", "tereza"),
    "Sales South and West": ("lead.south", "carlos", "camille", "harry"),
    "Delivery": ("support", "accounts"),
}
# Name, country, tier, manager, username and name of its user.
PARTNERS = (
    ("Fjordpartner AS", "NO", "gold", "seller", ("partner", "Astrid", "Berg")),
    ("Rheintal Consulting GmbH", "DE", "silver", "lena", ("partner.rheintal", "Stefan", "Koch")),
    ("Ibersoft Integradores S.L.", "ES", "bronze", "carlos", ("partner.ibersoft", "Elena", "Ruiz")),
)
LANGUAGE = {"tereza": "cs", "lena": "de", "felix": "de", "camille": "fr", "carlos": "es"}


def setup_moment(scene: Scene) -> dt.datetime:
    """Return the moment at which the company set up Kanal."""
    return dt.datetime.combine(scene.first_day - dt.timedelta(days=10), dt.time(8), dt.UTC)


def make_people(scene: Scene) -> None:
    """Create users, groups, roles and partners with their users, and look up the regions."""
    moment, password = setup_moment(scene), make_password(PASSWORD)
    for username, first, last, job, kind, above, _role in STAFF:
        values = {
            "username": username, "email": f"{username}@kanal.example", "first_name": first, "last_name": last,
            "job_title": job, "user_type": kind, "supervisor": scene.users[above].pk if above else None,
            "phone": scene.inventor.phone(BY_CODE["NO"]),
        }  # fmt: skip
        add_user(scene, values, password, moment)
    scene.sellers = [scene.users[employee[0]] for employee in STAFF if employee[4] == "representative"]
    give_roles(scene, {username: role for username, *_rest, role in STAFF})
    admin = scene.users["admin"]
    for name, members in GROUPS.items():
        scene.make("groups", {"name": name, "members": [scene.users[member].pk for member in members]}, moment, admin)
    scene.projects = {project.identifier: project for project in Project.objects.order_by("pk")}
    for partner in PARTNERS:
        make_partner(scene, *partner, password=password)
    give_roles(scene, {person[0]: "partner" for *_rest, person in PARTNERS})


def add_user(scene: Scene, values: dict[str, Any], password: str, moment: dt.datetime) -> None:
    """Create a user with the demo password."""
    user = scene.make("users", values, moment, scene.users.get("admin"))
    with replay.at(moment):
        writes.update_system_fields(user, by=replay.replay_actor(scene.users.get("admin"), moment), password=password)
    scene.users[values["username"]] = user


def make_partner(
    scene: Scene, name: str, code: str, tier: str, manager: str, person: tuple[str, str, str], password: str
) -> None:
    """Create a partner, a user who signs in for it, and a consultant."""
    country: Country = BY_CODE[code]
    place, moment, seller = scene.inventor.address(country), setup_moment(scene), scene.users[manager]
    domain = f"{ascii_of(name.split()[0])}.example"
    partner = scene.make(
        "partners",
        {
            "name": name, "tier": tier, "status": "active", "manager": seller.pk, "email": f"info@{domain}",
            "phone": scene.inventor.phone(country), "website": f"https://{domain}", "street": place.street,
            "city": place.city, "postcode": place.postcode, "region": place.region, "country": code,
            "projects": [scene.project_of(code).pk],
        },
        moment, seller,
    )  # fmt: skip
    scene.partners.append(partner)
    username, first, last = person
    email = f"{username}@{domain}"
    names = {"first_name": first, "last_name": last, "email": email}
    add_user(scene, {**names, "username": username, "user_type": "partner", "partner": partner.pk}, password, moment)
    scene.make("contacts", {**names, "partner": partner.pk, "job_title": "Consultant"}, moment, seller)


def give_roles(scene: Scene, given: dict[str, str]) -> None:
    """Assign roles to people, everywhere."""
    roles = {role.key: role.pk for role in Role.objects.all()}
    Assignment.objects.bulk_create(  # direct write: assignments aren't records
        Assignment(role_id=roles[role], user=scene.users[username]) for username, role in given.items()
    )
    rebuild_grants()
    for user in scene.users.values():
        forget_permissions(user)
