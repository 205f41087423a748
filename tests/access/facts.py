"""What the access rules speak of, as plain facts: who has which role where, and to whom and where a record belongs.

Read from the stored records alone; the rules themselves stand in oracle.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from kanal.core import registry
from kanal.core.models import Assignment, FieldRule, FieldVisibility, RoleRule

Ref = tuple[str, int]


@dataclass(frozen=True)
class Person:
    """A user: of which type and partner, in which groups, below whom."""

    pk: int
    is_admin: bool
    partner: int | None
    is_external: bool
    user_type: str
    groups: frozenset[int]
    boss: int | None


@dataclass(frozen=True)
class Thing:
    """A record: whose it is, where it belongs, who alone sees it, with which record alone it is seen."""

    key: str
    pk: int
    people: frozenset[int] = frozenset()
    projects: frozenset[int] = frozenset()
    partners: frozenset[int] = frozenset()
    private_to: int | None = None
    is_private: bool = False
    is_global: bool = False
    parent: Ref | None = None
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Given:
    """A role that somebody holds: its rules by type (actions, visibility), and the projects (None: everywhere)."""

    rules: dict[str, tuple[frozenset[str], str]]
    projects: frozenset[int] | None


@dataclass
class Facts:
    """All that is so."""

    people: dict[int, Person] = field(default_factory=dict)
    things: dict[Ref, Thing] = field(default_factory=dict)
    roles: dict[int, list[Given]] = field(default_factory=dict)
    shares: bool = True
    limits: dict[tuple[str, str], FieldVisibility] = field(default_factory=dict)
    closed: frozenset[tuple[str, str]] = frozenset()


# Type → the columns of its people, of the records whose people it has too, and of the partners it belongs to.
PEOPLE: dict[str, tuple[str, ...]] = {
    "accounts": ("created_by", "account_manager"),
    "contacts": ("created_by", "account", "partner"),
    "partners": ("created_by", "manager"),
    "projects": ("created_by",),
    "tasks": ("created_by", "assignee", "watchers"),
    "campaigns": ("created_by", "owner"),
    "activities": ("created_by", "assignee", "participants", "lead", "opportunity", "account", "contact", "partner"),
    "leads": ("created_by", "assignee"),
    "opportunities": ("created_by", "assignee", "further_members"),
    "contracts": ("created_by", "responsible", "opportunity", "account"),
    "ships": ("created_by", "assignee", "crew"),
}
PARTNERS: dict[str, tuple[str, ...]] = {
    "accounts": ("partner",),
    "contacts": ("partner", "account.partner"),
    "partners": ("",),
    "activities": ("partner", "account.partner", "lead.partner", "opportunity.partner"),
    "leads": ("partner",),
    "opportunities": ("partner",),
    "contracts": ("partner",),
    "ships": ("partner",),
}
PROJECTS: dict[str, str] = {
    "accounts": "projects", "contacts": "projects", "partners": "projects", "price-books": "projects",
    "projects": "", "tasks": "project", "campaigns": "project", "activities": "project", "leads": "project",
    "opportunities": "project", "contracts": "project", "ships": "project",
}  # fmt: skip
PARENTS: dict[str, str] = {
    "account-relations": "account", "channels": "contact", "business-roles": "opportunity", "quotes": "opportunity",
    "quote-items": "quote", "prices": "price_book", "bundles": "price_book", "bundle-items": "bundle",
}  # fmt: skip
# Lists of the whole installation, which belong to nobody and to no project.
COMMON = {
    "users", "groups", "account-types", "account-groups", "contact-types", "brands", "product-versions",
    "product-categories", "units", "tax-rates", "products", "pipelines", "opportunity-statuses", "templates",
    "splitter-filters", "trackers", "task-statuses", "intake-sources", "intakes", "harbours",
}  # fmt: skip


def known_types() -> set[str]:
    """Name the types of which the tables above say where they belong."""
    return {*PEOPLE, *PROJECTS, *PARENTS, *COMMON}


def at(record: Any, path: str) -> Any:
    """Follow a path of columns; None where it ends early. A column that was renamed is an error, not an empty one."""
    for name in filter(None, path.split(".")):
        record = getattr(record, name) if record is not None else None
    return record


def ids_at(record: Any, path: str) -> set[int]:
    """Return the ids of what a path leads to, one or several."""
    target = at(record, path)
    if hasattr(target, "values_list"):
        return set(target.values_list("pk", flat=True))
    return {target.pk} if target is not None else set()


def people_of(key: str, record: Any) -> set[int]:
    """Return the ids of the users to whom a record belongs, by itself or by what it stands on."""
    user_ids: set[int] = set()
    for column in PEOPLE.get(key, ()):
        other = at(record, column)
        entity = registry.of(other) if other is not None and not hasattr(other, "values_list") else None
        if entity is not None and entity.key != "users":
            user_ids |= people_of(entity.key, other)
        else:
            user_ids |= ids_at(record, column)
    return user_ids


def privacy_of(key: str, record: Any) -> tuple[bool, int | None]:
    """Return whether a record is private and whose: an account by itself, its people and activities with it (ACC-5)."""
    if key == "accounts":
        return record.is_private, record.private_to_id if record.is_private else None
    if key == "ships":
        return record.private_to_id is not None, record.private_to_id
    on_sale = key == "activities" and (record.lead_id or record.opportunity_id)
    if key in ("contacts", "activities") and record.account_id and not on_sale:
        return privacy_of("accounts", record.account)
    return False, None


def thing_of(key: str, record: Any) -> Thing:
    """Put together what is so of a record."""
    is_private, private_to = privacy_of(key, record)
    column = PARENTS.get(key)
    parent = at(record, column) if column else None
    above = registry.of(parent)
    return Thing(
        key,
        record.pk,
        people=frozenset(people_of(key, record)),
        projects=frozenset(ids_at(record, PROJECTS[key]) if key in PROJECTS else ()),
        partners=frozenset(pk for path in PARTNERS.get(key, ()) for pk in ids_at(record, path)),
        private_to=private_to,
        is_private=is_private,
        is_global=bool(key == "accounts" and record.is_global),
        parent=(above.key, parent.pk) if above is not None and parent is not None else None,
        marks=frozenset(marks_of(key, record)),
    )


def marks_of(key: str, record: Any) -> set[str]:
    """Name what else decides: a lead in the free pool, a book that is open to partners, what such a book sells."""
    marks = set()
    if key == "leads" and record.is_in_pool:
        marks.add("pool")
    if key == "price-books" and record.open_to_partners and record.is_active:
        marks.add("open")
    if key == "products":
        prices = apps.get_model("pricebooks", "Price").objects.filter(product=record)
        marks |= (
            {"open"} if prices.filter(price_book__open_to_partners=True, price_book__is_active=True).exists() else set()
        )
    if key == "projects":
        marks |= partners_in(record)
    if key == "templates" and record.is_active:
        marks.add("open")
    if record.created_by_id:
        marks.add(f"by:{record.created_by_id}")
    if key == "users":
        marks |= {f"partner:{pk}" for pk in {record.partner_id, *record.managed_partners.values_list("pk", flat=True)}}
    return marks


def partners_in(project: Any) -> set[str]:
    """Name the partners that were added to a project, and those of the leads and opportunities in it."""
    marks = {f"partner:{pk}" for pk in project.partners.values_list("pk", flat=True)}
    for name, rows in (("leads", project.leads), ("opportunities", project.opportunities)):
        marks |= {f"{name}:{pk}" for pk in rows.exclude(partner=None).values_list("partner_id", flat=True)}
    return marks


def people_facts(users: Iterable[Any]) -> dict[int, Person]:
    """Read the users."""
    return {
        user.pk: Person(
            user.pk, user.user_type == "administrator", user.partner_id, user.user_type == "partner", user.user_type,
            frozenset(apps.get_model("people", "Group").objects.filter(members=user).values_list("pk", flat=True)),
            user.supervisor_id,
        )
        for user in users
    }  # fmt: skip


def below(project: Any) -> set[int]:
    """Return a project and all of its subprojects."""
    project_ids = {project.pk}
    for child in type(project).objects.filter(parent=project):
        project_ids |= below(child)
    return project_ids


def roles_of(person: Person) -> list[Given]:
    """List the roles that a user holds, directly or by a group, with the projects where they hold (ACC-1)."""
    held_roles = []
    for assignment in Assignment.objects.select_related("project"):
        if assignment.user_id != person.pk and assignment.group_id not in person.groups:
            continue
        rules = {
            rule.entity: (frozenset(rule.actions), rule.visibility)
            for rule in RoleRule.objects.filter(role_id=assignment.role_id)
        }
        where = (
            None
            if assignment.project is None
            else frozenset(below(assignment.project) if assignment.inherited else {assignment.project_id})
        )
        held_roles.append(Given(rules, where))
    return held_roles


def gather(users: Iterable[Any], records: dict[str, list[Any]], shares: bool) -> Facts:
    """Read all facts of a world."""
    facts = Facts(people=people_facts(users), shares=shares)
    for key, rows in records.items():
        for record in rows:
            record.refresh_from_db()
            facts.things[(key, record.pk)] = thing_of(key, record)
    facts.roles = {pk: roles_of(person) for pk, person in facts.people.items()}
    hidden = FieldRule.objects.filter(mode="hidden", role=None, status="")
    facts.closed = frozenset(hidden.values_list("entity", "field"))
    facts.limits = {(row.entity, row.field): row for row in FieldVisibility.objects.all()}
    return facts
